"""The synthetic data set: readable, realistic, the same every time and in every layout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import sparse

from karospace_stream.cli.commands.synth import synth
from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.testing.synth import write_synthetic

SHAPE = {"n_cells": 5_000, "n_genes": 900}


def dense(adata: anndata.AnnData) -> np.ndarray:
    return adata.X.toarray() if sparse.issparse(adata.X) else np.asarray(adata.X)


@pytest.fixture(scope="module")
def csr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synth") / "csr.h5ad"
    # Small chunks, so that blocks and chunks do not fall together.
    write_synthetic(path, **SHAPE, chunk_values=10_007)
    return path


def test_anndata_reads_everything(csr: Path) -> None:
    adata = anndata.read_h5ad(csr)
    assert adata.shape == (5_000, 900)
    assert adata.X.dtype == np.float32
    assert adata.X.has_canonical_format
    assert adata.X.data.min() > 0
    assert adata.obs_names.is_unique
    assert adata.var_names.is_unique
    kinds = adata.obs.dtypes
    assert isinstance(kinds["cell_type"], pd.CategoricalDtype)
    assert isinstance(kinds["age"], pd.Int64Dtype)
    assert kinds["is_doublet"] == np.bool_
    assert kinds["n_counts"] == np.float32
    assert adata.obs["age"].isna().any()
    assert 0.05 < adata.obs["pseudotime"].isna().mean() < 0.2
    assert {key: value.shape[1] for key, value in adata.obsm.items()} == {
        "X_pca": 20,
        "X_umap": 2,
        "spatial": 2,
    }
    assert len(adata.uns["cell_type_colors"]) == adata.obs["cell_type"].cat.categories.size
    assert list(adata.var) == ["highly_variable", "means", "dispersions_norm"]


def test_backed_rows_are_those_of_memory(csr: Path) -> None:
    whole = anndata.read_h5ad(csr).X
    backed = anndata.read_h5ad(csr, backed="r")
    assert (backed.X[1_234:1_300] != whole[1_234:1_300]).nnz == 0
    backed.file.close()


def test_values_follow_from_each_other(csr: Path, tmp_path: Path) -> None:
    raw = tmp_path / "counts.h5ad"
    write_synthetic(raw, **SHAPE, counts=True, dtype="int32")
    counts = anndata.read_h5ad(raw)
    values = anndata.read_h5ad(csr)
    assert counts.X.dtype == np.int32
    total = np.asarray(counts.X.sum(axis=1)).ravel()
    np.testing.assert_array_equal(counts.obs["n_counts"], total.astype(np.float32))
    normalised = np.log1p(dense(counts) * (10_000 / total)[:, None])
    np.testing.assert_allclose(dense(values), normalised, rtol=1e-5)
    mito = dense(counts)[:, counts.var_names.str.startswith("MT-")].sum(axis=1)
    np.testing.assert_allclose(counts.obs["pct_mito"], 100 * mito / total, rtol=1e-5)
    np.testing.assert_allclose(values.var["means"], dense(values).mean(axis=0), rtol=1e-5)


def test_it_is_realistic(csr: Path) -> None:
    adata = anndata.read_h5ad(csr)
    stored = dense(adata) > 0
    assert stored.mean() == pytest.approx(0.07, rel=0.15)
    by_gene = stored.mean(axis=0)
    assert by_gene.max() > 0.9
    assert np.median(by_gene) < 0.02
    assert np.std(np.log(adata.obs["n_counts"])) > 0.2
    # Marker genes: some gene is far more frequent in one type than elsewhere.
    of_type = pd.DataFrame(stored).groupby(adata.obs["cell_type"].to_numpy()).mean()
    assert (of_type.max() - of_type.median()).max() > 0.3
    spatial = adata.obsm["spatial"]
    assert spatial.min() > 10_000
    centres = pd.DataFrame(spatial).groupby(adata.obs["sample"].to_numpy()).mean()
    assert np.ptp(centres.to_numpy(), axis=0).max() > 5_000


@pytest.mark.parametrize("layout", ["csc", "dense"])
def test_every_layout_holds_the_same(layout: str, csr: Path, tmp_path: Path, monkeypatch) -> None:
    # Many fragments and many bands, as a large data set has.
    monkeypatch.setattr("karospace_stream.testing.gene_major._FRAGMENT_VALUES", 50_000)
    path = tmp_path / f"{layout}.h5ad"
    write_synthetic(path, **SHAPE, layout=layout, chunk_values=10_007)
    expected, got = anndata.read_h5ad(csr), anndata.read_h5ad(path)
    if layout == "csc":
        assert isinstance(got.X, sparse.csc_matrix)
        assert got.X.has_canonical_format
    np.testing.assert_array_equal(dense(got), dense(expected))
    pd.testing.assert_frame_equal(got.obs, expected.obs)
    pd.testing.assert_frame_equal(got.var, expected.var)
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_zarr_holds_the_same(layout: str, csr: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.zarr"
    write_synthetic(path, **SHAPE, layout=layout)
    expected, got = anndata.read_h5ad(csr), anndata.read_zarr(path)
    np.testing.assert_array_equal(dense(got), dense(expected))
    pd.testing.assert_frame_equal(got.obs, expected.obs)
    np.testing.assert_array_equal(got.obsm["spatial"], expected.obsm["spatial"])


@pytest.mark.parametrize("compression", ["gzip", "lzf", None])
def test_same_seed_same_bytes(compression: str | None, csr: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.h5ad", tmp_path / "b.h5ad"
    for path in (first, second):
        write_synthetic(path, n_cells=700, n_genes=90, compression=compression, seed=5)
    assert first.read_bytes() == second.read_bytes()
    write_synthetic(second, n_cells=700, n_genes=90, compression=compression, seed=6, overwrite=True)
    assert (dense(anndata.read_h5ad(first)) != dense(anndata.read_h5ad(second))).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 70_001)])
def test_small_and_lopsided_shapes(shape: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "a.h5ad"
    write_synthetic(path, n_cells=shape[0], n_genes=shape[1])
    assert anndata.read_h5ad(path).shape == shape


def test_refusals(csr: Path, tmp_path: Path) -> None:
    before = csr.read_bytes()
    with pytest.raises(TargetError, match="already exists; add --overwrite"):
        write_synthetic(csr, n_cells=10, n_genes=10)
    assert csr.read_bytes() == before
    for name, options in {
        "a.txt": {},
        "b.h5ad": {"density": 0.95},
        "c.h5ad": {"dtype": "int32"},
        "d.h5ad": {"n_cells": 0},
        "e.h5ad": {"layout": "coo"},
        "f.zarr": {"compression": "lzf"},
        "g.h5ad": {"n_neighbors": -1},
        "h.h5ad": {"latent": 0},
    }.items():
        with pytest.raises(BadOptionError):
            write_synthetic(tmp_path / name, **{"n_cells": 10, "n_genes": 10, **options})
    assert list(tmp_path.iterdir()) == []


def test_the_command_takes_the_same_options(tmp_path: Path) -> None:
    path, same = tmp_path / "a.h5ad", tmp_path / "b.h5ad"
    words = ["--cells", "300", "--genes", "40", "--neighbors", "5", "--latent", "33", "--vectors"]
    done = CliRunner().invoke(synth, [str(path), *words])
    assert done.exit_code == 0, done.output
    write_synthetic(same, n_cells=300, n_genes=40, n_neighbors=5, latent=33, vectors=True)
    assert path.read_bytes() == same.read_bytes()
    assert "connectivities" in anndata.read_h5ad(path).obsp


@pytest.mark.parametrize("n_cells", [1, 2, 9, 5_000, 20_000])
@pytest.mark.parametrize("suffix", ["h5ad", "zarr"])
def test_graph(n_cells: int, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{suffix}"
    write_synthetic(path, n_cells=n_cells, n_genes=400, n_neighbors=15)
    adata = anndata.read_h5ad(path) if suffix == "h5ad" else anndata.read_zarr(path)
    graph = adata.obsp["connectivities"]
    assert graph.has_canonical_format
    assert graph.dtype == np.float32
    assert (graph != graph.T).nnz == 0
    assert graph.diagonal().sum() == 0
    assert graph.nnz == 0 or (graph.data > 0).all()
    lengths = np.diff(graph.indptr)
    assert lengths.min() >= min(15, n_cells - 1)
    if n_cells > 10_000:
        assert lengths.max() < 60
        sources, targets = graph.nonzero()
        far = np.abs(sources - targets) > 8_192
        assert 0.1 < far.mean() < 0.5
        same = adata.obs["cell_type"].to_numpy()
        assert (same[sources] == same[targets]).mean() > 0.3


def test_further_embeddings(csr: Path, tmp_path: Path) -> None:
    path, narrow = tmp_path / "a.h5ad", tmp_path / "b.h5ad"
    write_synthetic(path, **SHAPE, latent=50, vectors=True, n_neighbors=3)
    write_synthetic(narrow, **SHAPE, latent=7)
    without, adata = anndata.read_h5ad(csr), anndata.read_h5ad(path)
    widths = {key: values.shape[1] for key, values in adata.obsm.items()}
    assert widths == {
        "X_pca": 50,
        "X_umap": 2,
        "spatial": 2,
        "X_umap_3d": 3,
        "velocity_umap": 2,
        "velocity_umap_3d": 3,
    }
    for wide in (adata, anndata.read_h5ad(narrow)):
        width = min(20, wide.obsm["X_pca"].shape[1])
        np.testing.assert_array_equal(wide.obsm["X_pca"][:, :width], without.obsm["X_pca"][:, :width])
        pd.testing.assert_frame_equal(wide.obs, without.obs)
        np.testing.assert_array_equal(dense(wide), dense(without))
    np.testing.assert_array_equal(adata.obsm["X_umap"], without.obsm["X_umap"])
    np.testing.assert_array_equal(adata.obsm["X_umap_3d"][:, :2], without.obsm["X_umap"])
    np.testing.assert_array_equal(adata.obsm["velocity_umap_3d"][:, :2], adata.obsm["velocity_umap"])
    assert all(np.isfinite(adata.obsm[key]).all() for key in widths)
    assert (adata.obsm["X_pca"].std(axis=0) > 0.1).all()


def test_the_graph_is_that_of_the_nearest_in_the_umap(tmp_path: Path, monkeypatch) -> None:
    graphs = []
    for rows in (700, 3_000):
        monkeypatch.setattr("karospace_stream.testing.neighbours._WINDOW", rows)
        path = tmp_path / f"{rows}.h5ad"
        write_synthetic(path, n_cells=2_500, n_genes=2_000, n_neighbors=6, seed=3)
        graphs.append(anndata.read_h5ad(path))
    umap = graphs[0].obsm["X_umap"].astype(np.float64)
    distances = ((umap[:, None] - umap[None]) ** 2).sum(axis=2)
    nearest = np.argsort(distances, axis=1)[:, 1:7]
    one_window = graphs[1].obsp["connectivities"]
    expected = sparse.csr_matrix((np.ones(nearest.size), nearest.ravel(), np.arange(2_501) * 6))
    assert set(zip(*one_window.nonzero(), strict=True)) == set(
        zip(*(expected + expected.T).nonzero(), strict=True)
    )
    windows = graphs[0].obsp["connectivities"]
    assert (windows != windows.T).nnz == 0
    assert np.diff(windows.indptr).min() >= 6


def peak_megabytes(path: Path, n_cells: int) -> float:
    """Peak resident memory of a fresh process that writes ``n_cells`` x 2,000, and all extras."""
    # VmHWM and not ru_maxrss: the latter is inherited from the process that starts this one.
    script = (
        "import pathlib; from karospace_stream.testing.synth import write_synthetic;"
        f"write_synthetic({str(path)!r}, n_cells={n_cells}, n_genes=2_000, overwrite=True,"
        "n_neighbors=15, latent=50, vectors=True);"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc to see the peak")
def test_memory_does_not_grow_with_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.h5ad"
    few, many = peak_megabytes(path, 20_000), peak_megabytes(path, 120_000)
    assert many < 400
    assert many - few < 30
