"""The parts that go into an AnnData store, and the options that choose them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError


@pytest.fixture
def source() -> anndata.AnnData:
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(
        rng.random((20, 5)).astype(np.float32),
        obs=pd.DataFrame({"a": rng.random(20), "b": list("xy") * 10}, index=[f"c{i}" for i in range(20)]),
        var=pd.DataFrame({"id": list("abcde")}, index=list("ABCDE")),
    )
    for key in ("X_umap", "velocity_umap", "drift_umap"):
        adata.obsm[key] = rng.random((20, 2))
    adata.obsm["table"] = pd.DataFrame({"x": rng.random(20)}, index=adata.obs_names)
    graph = np.zeros((20, 20))
    graph[0, 1] = graph[1, 0] = 0.5
    adata.obsp["other"] = graph
    return adata


def stored(source: anndata.AnnData, folder: Path, **options: Any) -> anndata.AnnData:
    karospace_stream.export(source, folder / "out.zarr", format="anndata", **options)
    return anndata.read_zarr(folder / "out.zarr")


@pytest.mark.parametrize(
    ("options", "entries"),
    [
        ({}, ["X_umap", "velocity_umap", "drift_umap", "table"]),
        ({"vectors": "none"}, ["X_umap", "table"]),
        ({"vectors": "drift_umap", "leave_out": "obsm:table"}, ["X_umap", "drift_umap"]),
    ],
    ids=str,
)
def test_entries(
    options: dict[str, Any], entries: list[str], source: anndata.AnnData, tmp_path: Path
) -> None:
    assert sorted(stored(source, tmp_path, **options).obsm) == sorted(entries)


def test_columns_genes_and_graph(source: anndata.AnnData, tmp_path: Path) -> None:
    found = stored(source, tmp_path, anno="b", genes=["D", "A"], graph="other", downsample=7)
    assert list(found.obs.columns) == ["b"]
    assert (found.shape, list(found.var_names), list(found.var["id"])) == ((7, 2), ["D", "A"], ["d", "a"])
    kept = source[found.obs_names, ["D", "A"]]
    np.testing.assert_array_equal(found.X, kept.X)
    np.testing.assert_array_equal(found.obsp["other"].toarray(), kept.obsp["other"])


def test_the_plan_shows_the_graph(source: anndata.AnnData) -> None:
    assert karospace_stream.plan_export(source, format="anndata").to_json()["graph"] is None
    named = karospace_stream.plan_export(source, format="anndata", graph="other")
    assert named.to_json()["graph"] == "other"


def test_only_what_was_chosen_is_a_default(source: anndata.AnnData, tmp_path: Path) -> None:
    assert "defaults" not in stored(source, tmp_path).uns["cellucid"]
    options = {"latent": "X_umap", "gene_names": "id", "centroid_min_points": 3}
    record = stored(source, tmp_path, overwrite=True, **options).uns["cellucid"]
    assert record["defaults"] == {"geneIdColumn": "id", "latentKey": "X_umap", "centroidMinPoints": 3}
    assert list(record["outlierQuantiles"]["fields"]) == ["b"]


@pytest.mark.parametrize("level", [1, 9])
def test_other_levels(level: int, source: anndata.AnnData, tmp_path: Path) -> None:
    found = stored(source, tmp_path, compression=level)
    np.testing.assert_array_equal(found.X, source.X)
    assert f'"level": {level}' in (tmp_path / "out.zarr" / "X" / ".zarray").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"zarr_format": 4}, "zarr_format= must be 2 or 3"),
        ({"shard": True}, "shard=True needs zarr_format=3"),
        ({"gzip": False}, "gzip=False"),
        ({"vectors": "velocity"}, "vectors"),
        ({"latent": "X_pca"}, "latent"),
        ({"graph": "none", "anno": "c"}, "anno"),
    ],
    ids=str,
)
def test_wrong_options(options: dict[str, Any], words: str, source: anndata.AnnData, tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match=words):
        karospace_stream.export(source, tmp_path / "out.zarr", format="anndata", **options)
    assert list(tmp_path.iterdir()) == []
