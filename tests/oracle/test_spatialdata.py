"""Stores of spatialdata are read as spatialdata reads them: values of tables, and centres of cells."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.oracle.others import made_once

SCRIPT = Path(__file__).with_name("spatialdata") / "stores.py"
MOVES = ("identity", "scale", "translation", "affine", "swap", "sequence")
TABLES = (
    *(f"of_{kind}_{move}" for kind in ("circles", "polygons", "labels") for move in MOVES),
    *("of_labels_deep", "of_points", "all_of_them"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "spatialdata", "spatialdata", SCRIPT, lambda folder: [])


def wanted(truth: dict[str, np.ndarray], region: str, instance: str) -> np.ndarray:
    """The centre of one cell."""
    rows = np.flatnonzero(truth[f"{region}/ids"] == instance)
    assert len(rows) == 1
    found: np.ndarray = truth[f"{region}/centres"][rows[0]]
    return found


@pytest.mark.big
@pytest.mark.parametrize("store", ["made_3.zarr", "made_2.zarr", "made_arrow.zarr"])
@pytest.mark.parametrize("table", TABLES)
def test_every_table(store: str, table: str, folder: Path) -> None:
    source = open_input(folder / store, InputOptions(table=table))
    truth = dict(np.load(folder / "made.npz"))
    adata = anndata.read_zarr(folder / store / "tables" / table)
    n_cells = source.catalog.n_cells
    assert source.obs_names(0, n_cells).tolist() == adata.obs_names.tolist()
    np.testing.assert_array_equal(source.matrix("X").read_rows(0, n_cells).data, adata.X)
    cells = zip(adata.obs["region"], adata.obs["instance"].astype(str), strict=True)
    places = np.array([wanted(truth, *each) for each in cells])
    assert np.isfinite(places).all()
    assert n_cells > 5
    found = source.obsm("spatial", 0, n_cells, 3)
    np.testing.assert_allclose(found, places, rtol=0, atol=1e-9)
    assert source.catalog.spot_diameter == pytest.approx(diameter(table))


def diameter(table: str) -> float | None:
    """That of circles, as the transformation scales areas."""
    if "circles" not in table:
        return None
    areas = {"scale": 1.0, "affine": 2.0, "sequence": 12.0}
    return float(7 * np.sqrt(areas.get(table.rpartition("_")[2], 1.0)))


@pytest.mark.big
def test_an_export_of_the_example(folder: Path, tmp_path: Path) -> None:
    truth = np.load(folder / "blobs.npz")
    assert karospace_stream.export(folder / "blobs.zarr", tmp_path / "out", format="anndata", progress=False)
    adata = anndata.read_zarr(tmp_path / "out")
    assert adata.obs["instance_id"].astype(str).tolist() == truth["ids"].tolist()
    np.testing.assert_allclose(adata.obsm["spatial"], truth["centres"], rtol=1e-7)  # float32
    original = anndata.read_zarr(folder / "blobs.zarr" / "tables" / "table")
    np.testing.assert_array_equal(adata.X.toarray(), original.X.toarray().astype(np.float32))
    assert karospace_stream.verify(tmp_path / "out", source=folder / "blobs.zarr", progress=False)
