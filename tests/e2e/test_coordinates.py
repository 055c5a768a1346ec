"""Where cells lie, as other programs name it: the same choice in every format."""

from __future__ import annotations

import gzip
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.oracle.reader import Bundle

N = 60
Make = Callable[..., anndata.AnnData]


@pytest.fixture
def make() -> Make:
    """An AnnData with these columns of obs and entries of obsm."""
    rng = np.random.default_rng(3)

    def adata(obs: dict[str, Any] | None = None, obsm: dict[str, Any] | None = None) -> anndata.AnnData:
        made = anndata.AnnData(
            sparse.csr_matrix(rng.poisson(1, (N, 4)).astype(np.float32)),
            obs=pd.DataFrame(
                {"kind": list("AB") * (N // 2), **(obs or {})}, index=[f"c{i}" for i in range(N)]
            ),
        )
        for key, values in (obsm or {}).items():
            made.obsm[key] = values
        return made

    return adata


def test_names_of_other_languages(make: Make, export: Callable[..., Bundle], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    obsm = {key: rng.normal(size=(N, width)) for key, width in (("PCA", 8), ("TSNE", 2), ("UMAP", 3))}
    obsm |= {"scvi_umap": rng.normal(size=(N, 2)), "velocity_UMAP": rng.normal(size=(N, 3))}
    adata = make(obsm=obsm)
    bundle = export(adata)
    entries = bundle.stream.atlas["embeddings"]
    assert [(entry["key"], entry["dims"]) for entry in entries] == [
        ("UMAP", 3),
        ("scvi_umap", 2),
        ("TSNE", 2),
        ("PCA", 2),
    ]
    assert [(each["key"], each["embedding"]) for each in bundle.stream.atlas["vectors"]] == [
        ("velocity_UMAP", 0)
    ]
    karospace_stream.export(adata, tmp_path / "c", format="cellucid")
    points = json.loads((tmp_path / "c" / "dataset_identity.json").read_text())["embeddings"]
    assert points["available_dimensions"] == [2, 3]
    karospace_stream.export(adata, tmp_path / "z.zarr", format="anndata", vectors="none")
    assert set(anndata.read_zarr(tmp_path / "z.zarr").obsm) == {"PCA", "TSNE", "UMAP", "scvi_umap"}


@pytest.mark.parametrize("suffix", [".h5ad", ".zarr", ""])
def test_text_that_holds_numbers(
    suffix: str, make: Make, export: Callable[..., Bundle], tmp_path: Path
) -> None:
    points = np.round(np.random.default_rng(1).normal(size=(N, 2)), 3)
    texts = points.astype(str).astype(object)
    texts[3, 1] = "NA"
    frame = pd.DataFrame(texts, columns=["a", "b"], index=[f"c{i}" for i in range(N)])
    words = np.full((N, 2), "word", object)
    words[:5] = "1"
    adata = make(obsm={"X_umap": texts, "X_tsne": frame, "words": words})
    source: Any = adata
    if suffix:
        source = tmp_path / f"in{suffix}"
        with warnings.catch_warnings(action="ignore"), anndata.settings.override(zarr_write_format=3):
            adata.write_h5ad(source) if suffix == ".h5ad" else adata.write_zarr(source)
    notes = karospace_stream.plan_export(source).notes
    assert sorted(note for note in notes if "read as numbers" in note) == [
        "obsm['X_tsne'] is text, and is read as numbers",
        "obsm['X_umap'] is text, and is read as numbers",
    ]
    bundle = export(source)
    expected = points.copy()
    expected[3, 1] = np.nan
    for number in (0, 1):
        found = bundle.stream.embedding(number)
        there = np.isfinite(expected).all(axis=1)
        np.testing.assert_allclose(found[there], expected[there], atol=1e-5)
        assert np.isnan(found[3]).all()
    assert [entry["key"] for entry in bundle.stream.atlas["embeddings"]] == ["X_umap", "X_tsne"]


CENTROIDS = {"x_centroid": np.linspace(5, 905, N), "y_centroid": np.linspace(70, -20, N) ** 2}


def test_columns_of_obs_in_every_format(make: Make, export: Callable[..., Bundle], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    adata = make(CENTROIDS, {"X_pca": rng.normal(size=(N, 8))})
    report = karospace_stream.export(adata, tmp_path / "all", format=["karospace", "cellucid", "anndata"])
    bundle = Bundle(tmp_path / "all" / "karospace")
    assert bundle.manifest["coordinate_source"] == "obs:x_centroid,y_centroid"
    expected = np.stack(list(CENTROIDS.values()), axis=1)
    np.testing.assert_allclose(bundle.stream.embedding(0), expected, atol=1e-3)

    points = np.frombuffer(gzip.decompress((tmp_path / "all/cellucid/points_2d.bin.gz").read_bytes()), "<f4")
    centred = expected - (expected.max(axis=0) + expected.min(axis=0)) / 2
    np.testing.assert_allclose(
        points.reshape(N, 2), centred / (np.ptp(expected, axis=0).max() / 2), atol=1e-6
    )

    store = anndata.read_zarr(tmp_path / "all" / "anndata")
    assert set(store.obsm) == {"spatial", "X_pca"}
    np.testing.assert_array_equal(store.obsm["spatial"], expected.astype(np.float32))
    assert store.uns["cellucid"]["defaults"] == {"embedding2d": "spatial"}
    assert [note for note in report.notes if "written as obsm['spatial']" in note]
    for name in ("karospace", "cellucid", "anndata"):
        assert karospace_stream.verify(tmp_path / "all" / name, source=adata).faults == ()


def test_columns_that_are_named(make: Make, tmp_path: Path) -> None:
    obs = {"UMAP_1": CENTROIDS["x_centroid"], "UMAP_2": CENTROIDS["y_centroid"], "note": ["text"] * N}
    adata = make(obs, {"spatial": np.ones((N, 2)), "X_umap": np.ones((N, 3))})
    karospace_stream.export(adata, tmp_path / "z.zarr", format="anndata", coords="obs:UMAP_1,UMAP_2")
    store = anndata.read_zarr(tmp_path / "z.zarr")
    assert set(store.obsm) == {"umap", "spatial", "X_umap"}
    assert store.uns["cellucid"]["defaults"] == {"embedding2d": "umap"}
    karospace_stream.export(
        adata, tmp_path / "z.zarr", format="anndata", coords="obsm:X_umap", overwrite=True
    )
    store = anndata.read_zarr(tmp_path / "z.zarr")
    assert (set(store.obsm), dict(store.uns["cellucid"]["defaults"])) == (
        {"spatial", "X_umap"},
        {"embedding3d": "X_umap"},
    )
    for coords, words in (
        ("obs:x,y", 'columns that look like coordinates: coords="obs:UMAP_1,UMAP_2"'),
        ("obs:note,UMAP_1", 'must hold numbers, got string values; .*coords="obs:UMAP_1,UMAP_2"'),
    ):
        for name in ("karospace", "cellucid", "anndata"):
            with pytest.raises(BadOptionError, match=words):
                karospace_stream.plan_export(adata, format=name, coords=coords)
