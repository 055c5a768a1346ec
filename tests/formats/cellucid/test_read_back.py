"""Every field of an export, read back by a decoder of its own, is the source's within one step."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.formats.cellucid.layout.datasets import listed
from karospace_stream.formats.layout.datasets import datasets_manifest
from tests.formats.cellucid.assembled import Export, kind_of
from tests.formats.cellucid.cases import BITS, CASES, LEVELS, variants
from tests.oracle.cellucid import Categories, CellucidExport, Numbers, datasets

matrix = pytest.mark.parametrize(
    ("case", "level", "bits"), [(case, level, bits) for case in CASES for level in LEVELS for bits in BITS]
)


def written(folder: Path, name: str, given: dict[str, Any]) -> CellucidExport:
    for path, data in Export(name, **given).files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(data, 1, mtime=0) if path.endswith(".gz") else data
        (folder / path).write_bytes(packed)
    return CellucidExport(folder)


def close(got: Numbers, wanted: np.ndarray) -> None:
    wanted = wanted.astype(np.float32).astype(np.float64)
    if got.step:
        wanted = np.where(np.isinf(wanted), np.nan, wanted)
    np.testing.assert_array_equal(np.isnan(got.values), np.isnan(wanted))
    scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=0)
    finite = np.isfinite(wanted)
    away = np.abs(got.values[finite] - wanted[finite])
    assert (away <= got.step * (1 + 1e-6) + scale * 2.0**-21).all()


@matrix
@pytest.mark.few(8)
def test_an_export_reads_back_as_its_source(
    tmp_path: Path, case: str, level: int | None, bits: int | None
) -> None:
    name = f"{case}-{level}-{bits}"
    given = variants(case)[name]
    export = written(tmp_path, name, given)
    _check_points(export, given)
    _check_obs(export, given)
    if "gene_expression" in given:
        _check_genes(export, given)
    if "connectivities" in given:
        _check_edges(export, given["connectivities"])


def _check_points(export: CellucidExport, given: dict[str, Any]) -> None:
    for dim in (1, 2, 3):
        assert (dim in export.points) == (f"X_umap_{dim}d" in given)
    for dim, points in export.points.items():
        raw = np.asarray(given[f"X_umap_{dim}d"], np.float64)
        spread = np.ptp(raw, axis=0).max()
        scale = 2 / spread if spread >= 1e-8 else 2.0
        np.testing.assert_allclose(points, (raw - (raw.min(axis=0) + raw.max(axis=0)) / 2) * scale, atol=1e-5)
    for (field, dim), vectors in export.vectors.items():
        arrays = given["vector_fields"]
        raw_vectors = arrays.get(f"{field}_{dim}d", arrays.get(field))
        spread = np.ptp(np.asarray(given[f"X_umap_{dim}d"], np.float64), axis=0).max()
        np.testing.assert_allclose(vectors, raw_vectors * (2 / spread), rtol=1e-5, atol=1e-5)


def _check_obs(export: CellucidExport, given: dict[str, Any]) -> None:
    assert list(export.obs) == list(given.get("obs_keys") or given["obs"].columns)
    for name, column in export.obs.items():
        series = given["obs"][name]
        assert isinstance(column, Numbers) == (kind_of(series) == "continuous")
        if isinstance(column, Categories):
            wanted = [None if pd.isna(value) else str(value) for value in series]
            assert column.labels.tolist() == wanted
            there = pd.Series(column.labels).value_counts()
            least = given.get("centroid_min_points", 10)
            large = [one for one in column.categories if there.get(one, 0) >= least]
            np.testing.assert_array_equal(np.isfinite(column.outliers.values), np.isin(column.labels, large))
            shown = [] if given.get("centroid_outlier_quantile", 0.95) is None else large
            assert all([one[0] for one in of_dim] == shown for of_dim in column.centroids.values())
        else:
            close(column, series.to_numpy(np.float64, na_value=np.nan))


def _check_genes(export: CellucidExport, given: dict[str, Any]) -> None:
    dense = given["gene_expression"]
    dense = dense.toarray() if sparse.issparse(dense) else dense
    var = given["var"]
    ids = list(var[given["var_gene_id_column"]] if "var_gene_id_column" in given else var.index)
    assert list(export.genes) == [gene for gene in given.get("gene_identifiers", ids) if gene in ids]
    for gene, numbers in export.genes.items():
        close(numbers, dense[:, ids.index(gene)])


def _check_edges(export: CellucidExport, graph: Any) -> None:
    dense = graph.toarray()
    both = np.triu(dense + dense.T, 1) != 0
    assert export.edges is not None
    np.testing.assert_array_equal(export.edges, np.argwhere(both))


def test_a_folder_of_exports(tmp_path: Path) -> None:
    names = {"everything": "everything-6-8", "many_categories": "many_categories-None-16"}
    for case, name in names.items():
        written(tmp_path / name, name, variants(case)[name])
    found = [
        listed(name, (tmp_path / name / "dataset_identity.json").read_bytes()) for name in names.values()
    ]
    blob = datasets_manifest(found, "many")
    (tmp_path / blob.key).write_bytes(blob.data)
    default, exports = datasets(tmp_path)
    assert default == "many"
    assert [export.n_cells for export in exports] == [500, 4_000]
