"""Real tissues: many sections of mass cytometry, two Visium slides in one file, files of other programs."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr

import karospace_stream
from tests.oracle.others import made_once
from tests.oracle.reader import Bundle
from tests.slides.made import level, slides, to_pixel
from tests.transcripts.reading import BundleTranscripts

pytestmark = pytest.mark.filterwarnings("ignore::anndata.OldFormatWarning")
N_SECTIONS = 24


def read(path: Path) -> anndata.AnnData:
    made = anndata.read_h5ad(path)
    del made.raw
    return made


def mixed(adata: anndata.AnnData) -> anndata.AnnData:
    """In an order in which no section is in one piece."""
    return adata[np.random.default_rng(0).permutation(adata.n_obs)].copy()


def make_imc(path: Path) -> anndata.AnnData:
    """Windows of one real section, turned and flipped, with the facts that studies have of each section."""
    one = read(path)
    xy = np.asarray(one.obsm["spatial"], float)[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    parts = []
    for number in range(N_SECTIONS):
        width = (high - low) * (0.3 + 0.01 * number)
        corner = low + (high - low - width) * np.random.default_rng(number).random(2)
        inside = ((xy >= corner) & (xy <= corner + width)).all(axis=1)
        part, points = one[inside].copy(), xy[inside] - corner
        points[:, 0] = width[0] - points[:, 0] if number % 2 else points[:, 0]
        part.obsm["spatial"] = points[:, ::-1] if number % 3 else points
        facts = {
            "section": f"s{number + 1}",
            "condition": ("control", "treated")[number % 2],
            "stage": ("E10", "E12", "P1")[number // 8],
        }
        for name, value in facts.items():
            part.obs[name] = value
        part.obs_names = [f"{facts['section']}:{name}" for name in part.obs_names]
        parts.append(part)
    made = anndata.concat(parts, merge="same")
    for name in ("section", "condition", "stage"):
        made.obs[name] = made.obs[name].astype("category")
    return mixed(made)


def make_visium(*paths: Path) -> anndata.AnnData:
    """Slides with other genes each, joined as their users do, with the images of all."""
    parts = {path.stem: read(path) for path in paths}
    for part in parts.values():
        part.obsm = {"spatial": np.asarray(part.obsm["spatial"], float)[:, :2]}
    made = anndata.concat(parts, label="library_id", index_unique=":", join="outer")
    made.uns["spatial"] = {name: next(iter(part.uns["spatial"].values())) for name, part in parts.items()}
    return mixed(made)


def check_cells(bundle: Bundle, adata: anndata.AnnData, column: str) -> dict[str, Any]:
    """Each section has its cells in one range, and every cell its own values; gives the entry of sections."""
    sections: dict[str, Any] = bundle.stream.atlas["sections"]
    assert sections["column"] == column
    cells = bundle.stream.cell_ids()
    assert sorted(cells) == sorted(adata.obs_names)
    rows = adata.obs_names.get_indexer(cells)
    names = adata.obs[column].astype(str).to_numpy()[rows]
    for each in sections["items"]:
        assert set(names[each["start"] : each["end"]]) == {each["name"]}
    assert sections["items"][-1]["end"] == len(cells)
    xy = bundle.stream.embedding(sections["embedding"])
    np.testing.assert_allclose(xy, adata.obsm["spatial"][rows], rtol=1e-5, atol=1e-2)
    for gene in (0, len(bundle.labels) // 2):
        values = adata[:, bundle.labels[gene]].X
        values = np.asarray(values.toarray() if hasattr(values, "toarray") else values).ravel()
        np.testing.assert_allclose(bundle.stream.expression(gene), values[rows], rtol=1e-6)
    return sections


def test_many_sections_of_imaging_mass_cytometry(shared: Path, tmp_path: Path) -> None:
    adata = make_imc(shared / "data" / "mti_imc_sn.h5ad")
    adata.write_h5ad(tmp_path / "imc.h5ad")
    karospace_stream.export(tmp_path / "imc.h5ad", tmp_path / "out", anno="all", progress=False)
    sections = check_cells(Bundle(tmp_path / "out"), adata, "section")
    assert [each["name"] for each in sections["items"]] == [f"s{at + 1}" for at in range(N_SECTIONS)]
    facts = {each["name"]: each["values"] for each in sections["metadata"]}
    assert facts["condition"] == ["control", "treated"] * (N_SECTIONS // 2)
    assert facts["stage"] == ["E10"] * 8 + ["E12"] * 8 + ["P1"] * 8
    assert karospace_stream.verify(tmp_path / "out", source=tmp_path / "imc.h5ad", progress=False)


def test_two_slides_of_visium_in_one_file(shared: Path, tmp_path: Path) -> None:
    paths = [shared / "data" / f"{name}.h5ad" for name in ("soma_visium", "squidpy_visium_test_data")]
    adata = make_visium(*paths)
    adata.write_h5ad(tmp_path / "two.h5ad")
    karospace_stream.export(tmp_path / "two.h5ad", tmp_path / "out", genes="top_mean:20", progress=False)
    bundle = Bundle(tmp_path / "out")
    sections = check_cells(bundle, adata, "library_id")
    assert [each["name"] for each in sections["items"]] == [path.stem for path in paths]
    images = {each["library"]: each for each in bundle.stream.atlas["images"]}
    assert set(images) == {path.stem for path in paths}
    xy = bundle.stream.embedding(sections["embedding"])
    for each in sections["items"]:
        image = images[each["name"]]
        at = image["placement"]
        pixels = xy[each["start"] : each["end"]] * (at["scale_x"], at["scale_y"])
        pixels += (at["offset_x"], at["offset_y"])
        if each["name"] == "soma_visium":  # the other image is noise of 100 x 100 pixels
            assert ((pixels > 0) & (pixels < (image["width"], image["height"]))).all()
        factors = adata.uns["spatial"][each["name"]]["scalefactors"]
        assert at["scale_x"] in (factors["tissue_hires_scalef"], factors.get("tissue_lowres_scalef"))
    assert karospace_stream.verify(tmp_path / "out", source=tmp_path / "two.h5ad", progress=False)


@pytest.fixture(scope="module")
def squidpy_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of squidpy's own tests, which its source distribution has."""
    folder = tmp_path_factory.mktemp("squidpy")
    wanted = ["--no-deps", "--no-binary", "squidpy", "squidpy==1.8.2"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "-d", str(folder), *wanted]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"squidpy's source distribution cannot be had: {done.stderr[-300:]}")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("*/tests/_data"))


@pytest.mark.big
def test_the_space_ranger_folder_of_squidpy(squidpy_files: Path, tmp_path: Path) -> None:
    karospace_stream.export(squidpy_files, tmp_path / "out", progress=False)
    bundle = Bundle(tmp_path / "out")
    with h5py.File(squidpy_files / "filtered_feature_bc_matrix.h5") as file:
        barcodes = [each.decode() for each in file["matrix/barcodes"][:]]
    assert bundle.stream.cell_ids() == barcodes
    columns = ["barcode", "in_tissue", "row", "column", "y", "x"]
    positions = pd.read_csv(squidpy_files / "spatial" / "tissue_positions_list.csv", names=columns)
    expected = positions.set_index("barcode").loc[barcodes, ["x", "y"]].to_numpy()
    np.testing.assert_array_equal(bundle.stream.embedding(0), expected)
    assert "image" in bundle.stream.atlas


@pytest.mark.big
def test_all_elements_of_the_example_of_spatialdata(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    script = Path(__file__).parents[1] / "oracle" / "spatialdata" / "stores.py"
    store = made_once(tmp_path_factory, "spatialdata", "spatialdata", script, lambda _: []) / "blobs.zarr"
    karospace_stream.export(store, tmp_path / "out", transcripts="own", progress=False)
    image = zarr.open_group(store / "images" / "blobs_image")["s0"][:]
    named = {each["name"]: each for each in slides(tmp_path / "out")}
    assert set(named) == {"blobs_image", "blobs_multiscale_image"}
    slide = named["blobs_image"]
    assert (slide["width"], slide["height"]) == image.shape[:0:-1]
    np.testing.assert_array_equal(to_pixel(slide, np.eye(2)), np.eye(2))
    for channel, values in enumerate(image):
        stored = level(tmp_path / "out", slide, 0, channel)
        np.testing.assert_array_equal(stored, values.astype(slide["dtype"]))
    table = pd.read_parquet(store / "points" / "blobs_points" / "points.parquet")
    made = BundleTranscripts.of(tmp_path / "out")
    assert made.entry["n"] == len(table)
    for gene, own in table.groupby("genes", observed=True):
        found, expected = (np.sort(xy, axis=0) for xy in (made.all_points(str(gene)), own[["x", "y"]]))
        np.testing.assert_allclose(found, expected, atol=made.side / 65_535)
    # Its polygons have numbers of labels, and are other things.
    atlas = Bundle(tmp_path / "out").stream.atlas
    assert not atlas.get("shapes")
