"""An AnnData store holds the contents of its source, read back by anndata itself, part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream

pytestmark = pytest.mark.filterwarnings("ignore:Writing zarr v2")
N = 60


def odd() -> anndata.AnnData:
    """NaN and infinities, names that are no paths, columns that differ in case, tables, sparse entries."""
    rng = np.random.default_rng(0)
    matrix = sparse.random(N, 5, 0.5, "csr", np.float32, rng)
    matrix.data[:3] = np.nan, np.inf, -np.inf
    made = anndata.AnnData(
        matrix,
        obs=pd.DataFrame(
            {
                "rna:leiden": pd.Categorical(rng.choice(list("ab"), N)),
                "Cluster": rng.choice(list("xyz"), N),
                "cluster": rng.integers(0, 3, N),
                "score": np.where(rng.random(N) < 0.2, np.inf, rng.normal(size=N)),
            },
            index=[f"c{i}" for i in range(N)],
        ),
        var=pd.DataFrame({"depth": [np.nan, np.inf, -np.inf, 0.0, 1.0]}, index=list("vwxyz")),
    )
    made.obsm["X_umap"] = rng.normal(size=(N, 2)).astype(np.float32)
    made.obsm["X_umap"][:2, 0] = np.nan, np.inf
    made.obsm["rows"] = sparse.random(N, 7, 0.3, "csr", np.float64, rng)
    made.obsm["columns"] = sparse.csc_matrix(sparse.random(N, 7, 0.3, "csr", np.float32, rng))
    made.obsm["table"] = pd.DataFrame(
        {"a:b": rng.normal(size=N), "kind": pd.Categorical(rng.choice(list("pq"), N)), "text": ["t"] * N},
        index=made.obs_names,
    )
    made.uns["rna:leiden_colors"] = np.array(["#112233", "#445566"], object)
    return made


def same(found: Any, wanted: Any) -> bool:
    dense = [each.toarray() if sparse.issparse(each) else np.asarray(each) for each in (found, wanted)]
    return np.array_equal(*dense, equal_nan=True)


@pytest.mark.parametrize("where", ["memory", ".h5ad", ".zarr"])
@pytest.mark.few(2)
@pytest.mark.parametrize("downsample", [None, 23])
def test_everything_is_kept(downsample: int | None, where: str, tmp_path: Path) -> None:
    made, source = odd(), tmp_path / f"in{where}"
    given: Any = source
    if where == ".h5ad":
        made.write_h5ad(source)
    elif where == ".zarr":
        made.write_zarr(source)
    else:
        given = made
    out = tmp_path / "out.zarr"
    report = karospace_stream.export(given, out, format="anndata", downsample=downsample)
    found = anndata.read_zarr(out)
    wanted = made[found.obs_names]
    assert same(found.X, wanted.X)
    assert list(found.obs) == ["rna%3Aleiden", "Cluster", "cluster-1", "score"]
    for stored, name in zip(found.obs, wanted.obs, strict=True):
        assert found.obs[stored].astype(str).tolist() == wanted.obs[name].astype(str).tolist()
    np.testing.assert_array_equal(found.var["depth"], wanted.var["depth"])
    assert set(found.obsm) == set(wanted.obsm)
    for key in ("X_umap", "rows", "columns"):
        assert same(found.obsm[key], wanted.obsm[key]), key
    assert (found.obsm["rows"].format, found.obsm["columns"].format) == ("csr", "csc")
    assert found.obsm["rows"].dtype == np.float64
    table, before = found.obsm["table"], wanted.obsm["table"]
    assert list(table) == ["a%3Ab", "kind", "text"]
    assert list(table.index) == list(found.obs_names)
    np.testing.assert_array_equal(table["a%3Ab"], before["a:b"])
    assert table["kind"].dtype == before["kind"].dtype
    for name in ("kind", "text"):
        assert table[name].tolist() == before[name].tolist()
    assert list(found.uns["rna%3Aleiden_colors"]) == ["#112233", "#445566"]
    assert [note for note in report.notes if "'rna:leiden' is stored as 'rna%3Aleiden'" in note]
    assert not [each for each in report.left_out["anndata"] if not each.by_user]
    assert karospace_stream.verify(out, source=given)
    again = karospace_stream.open_source(out).catalog
    assert [info.name for info in again.obs] == list(made.obs)


@pytest.mark.parametrize("layout", [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_matrix.toarray])
def test_a_graph_is_kept_as_it_is(layout: Any, tmp_path: Path) -> None:
    """With a diagonal, weights below zero and NaN, and not symmetric."""
    made = odd()
    graph = sparse.random(N, N, 0.1, "csr", np.float32, np.random.default_rng(1))
    graph.setdiag(2)
    graph.data[:2] = np.nan, -1
    made.obsp["connectivities"] = layout(graph)
    for downsample in (None, 23):
        out = tmp_path / f"{downsample}.zarr"
        karospace_stream.export(made, out, format="anndata", genes="none", downsample=downsample)
        found = anndata.read_zarr(out)
        assert same(found.obsp["connectivities"], made[found.obs_names].obsp["connectivities"])


def test_outliers_where_some_cells_have_no_place(tmp_path: Path) -> None:
    made, stay = odd(), np.arange(N) > 1
    options: dict[str, Any] = {
        "format": "anndata",
        "genes": "none",
        "latent": "X_umap",
        "centroid_min_points": 3,
    }
    karospace_stream.export(made, tmp_path / "all.zarr", **options)
    karospace_stream.export(made[stay].copy(), tmp_path / "some.zarr", **options)
    found, wanted = (
        anndata.read_zarr(tmp_path / name).uns["cellucid"]["outlierQuantiles"]["fields"]["Cluster"]
        for name in ("all.zarr", "some.zarr")
    )
    np.testing.assert_array_equal(found[stay], wanted)
    assert np.isnan(found[~stay]).all()
