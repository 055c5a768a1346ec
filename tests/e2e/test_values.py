"""Values that real matrices and columns hold, and that JSON or a careless cast would spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from tests.oracle.compare import assert_true
from tests.oracle.reader import Bundle
from tests.oracle.truth import read, truth_of

Export = Callable[..., Bundle]
N_CELLS, N_GENES = 211, 17


def odd_obs(rng: np.random.Generator) -> pd.DataFrame:
    n = N_CELLS
    gaps = rng.random(n) < 0.2
    floats = rng.normal(size=n)
    floats[:4] = [np.nan, np.inf, -np.inf, 1e300]
    obs = pd.DataFrame(index=[f"cell {k}" for k in range(n)])
    obs["category"] = pd.Categorical(
        np.where(gaps, None, rng.choice(["b", "a", ""], n)), ["b", "unused", "", "a"]
    )
    obs["ordered"] = pd.Categorical(rng.integers(0, 3, n), [2, 0, 1], ordered=True)
    obs["all_missing"] = pd.Categorical([None] * n)
    obs["many"] = pd.Categorical([f"c{k}" for k in range(n)], [f"c{k}" for k in range(300)])
    obs["float64"] = floats
    obs["float32"] = rng.normal(size=n).astype(np.float32)
    obs["all_nan"] = np.full(n, np.nan)
    obs["int8"] = rng.integers(-128, 128, n).astype(np.int8)
    obs["uint16"] = rng.integers(0, 65_536, n).astype(np.uint16)
    obs["int64"] = rng.integers(-(2**62), 2**62, n)
    obs["bool"] = gaps
    obs["nullable_bool"] = pd.array(np.where(gaps, None, ~gaps), dtype="boolean")
    obs["nullable_int"] = pd.array(np.where(gaps, None, 7), dtype="Int32")
    return obs


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(N_CELLS, N_GENES)).astype(np.float32)
    values[rng.random(values.shape) < 0.6] = 0
    values[3, 0], values[4, 1], values[5, 1], values[6, 2] = np.nan, np.inf, -np.inf, 3e38
    values[:, 3] = 0
    values[:, 4] = np.nan
    values[:, 5] = np.inf
    values[7, 6] = -np.inf
    spatial = rng.uniform(1e6, 1e6 + 50, (N_CELLS, 2))
    spatial[0] = np.nan
    spatial[1, 0] = np.inf
    adata = anndata.AnnData(
        values,
        obs=odd_obs(rng),
        obsm={
            "spatial": spatial,
            "X_3d": rng.normal(size=(N_CELLS, 3)),
            "X_one": rng.normal(size=(N_CELLS, 1)),
        },
    )
    adata.uns["category_colors"] = np.array(["#FF0000", "#00ff00", "#0000ff", "#123456"])
    adata.uns["ordered_colors"] = np.array(["#FF0000"])  # does not fit
    path = tmp_path / "odd.h5ad"
    adata.write_h5ad(path)
    return path


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_odd_values(layout: str, odd: Path, tmp_path: Path, export: Export) -> None:
    adata = read(odd)
    if layout != "dense":
        adata.X = sparse.csr_matrix(adata.X) if layout == "csr" else sparse.csc_matrix(adata.X)
        adata.write_h5ad(odd)
    truth = truth_of(adata, genes="all", anno="all", coords="obsm:spatial")
    assert_true(export(odd, genes="all", anno=["all"]), truth)
    truth = truth_of(adata, genes="top_mean:9", anno="all", coords="obsm:X_3d", downsample=100)
    assert_true(export(odd, genes="top_mean:9", anno=["all"], coords="obsm:X_3d", downsample=100), truth)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint16", "float16", "float64", "bool"])
@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_types_of_values(dtype: str, layout: str, tmp_path: Path, export: Export) -> None:
    if dtype == "float16" and layout != "dense":
        pytest.skip("scipy has no sparse float16")
    rng = np.random.default_rng(4)
    values = (rng.poisson(0.7, (120, 9)) * (1.25 if dtype.startswith("f") else 1)).astype(dtype)
    matrix: Any = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix, "dense": np.asarray}[layout](values)
    adata = anndata.AnnData(matrix, obsm={"X_umap": rng.normal(size=(120, 2))})
    path = tmp_path / "typed.h5ad"
    adata.write_h5ad(path)
    assert read(path).X.dtype == dtype
    assert_true(export(path, genes="all"), truth_of(read(path), genes="all", coords="obsm:X_umap"))


@pytest.mark.parametrize("kind", ["csr", "csc"])
@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_unsorted_repeated_and_zero_entries(kind: str, strategy: str, tmp_path: Path, export: Export) -> None:
    rng = np.random.default_rng(5)
    lines, width, nnz = (400, 30, 12) if kind == "csr" else (30, 400, 160)
    indices = rng.integers(0, width, (lines, nnz)).astype(np.int64)  # repeats within a line
    data = rng.integers(0, 4, (lines, nnz)).astype(np.float32)  # some are zero
    make = sparse.csr_matrix if kind == "csr" else sparse.csc_matrix
    matrix = make((data.ravel(), indices.ravel(), np.arange(0, lines * nnz + 1, nnz)), shape=(400, 30))
    assert not matrix.has_canonical_format
    adata = anndata.AnnData(matrix, obsm={"X_umap": rng.normal(size=(400, 2))})
    path = tmp_path / "unsorted.h5ad"
    adata.write_h5ad(path)
    truth = truth_of(adata, genes="all", coords="obsm:X_umap")
    options = {"strategy": strategy} if kind == "csr" else {}
    assert_true(export(path, genes="all", **options), truth)


@pytest.mark.parametrize("n_cells", [1, 2])
@pytest.mark.parametrize("n_genes", [1, 3])
def test_the_smallest(n_cells: int, n_genes: int, tmp_path: Path, export: Export) -> None:
    values = sparse.csr_matrix(np.ones((n_cells, n_genes), np.float32))
    adata = anndata.AnnData(values, obsm={"X_umap": np.ones((n_cells, 2))})
    adata.obs["n"] = 1.5
    path = tmp_path / "tiny.h5ad"
    adata.write_h5ad(path)
    assert_true(export(path, genes="all"), truth_of(adata, genes="all", coords="obsm:X_umap"))


def test_an_empty_matrix_is_all_zero(tmp_path: Path, export: Export) -> None:
    adata = anndata.AnnData(
        sparse.csr_matrix((50, 4), dtype=np.float32),
        obsm={"X_umap": np.random.default_rng(0).normal(size=(50, 2))},
    )
    path = tmp_path / "zero.h5ad"
    adata.write_h5ad(path)
    assert_true(export(path, genes="top_mean:3"), truth_of(adata, genes="top_mean:3", coords="obsm:X_umap"))


@pytest.mark.parametrize("how", ["memory", "backed"])
def test_an_object_instead_of_a_path(how: str, odd: Path, tmp_path: Path, export: Export) -> None:
    truth = truth_of(read(odd), genes="all", anno="all", coords="obsm:spatial")
    adata = anndata.read_h5ad(odd, backed="r" if how == "backed" else None)
    assert_true(export(adata, genes="all", anno=["all"], name="odd"), truth)


def test_a_few_cells_of_many(synth: Callable[..., Path], export: Export) -> None:
    """The drawn cells lie further apart than what is read at once."""
    source = synth(150_000, 12)
    options = {"genes": "top_mean:5", "anno": ["sample", "age"], "downsample": 1_700}
    assert_true(export(source, **options), truth_of(read(source), coords="obsm:spatial", **options))


def test_lazy_arrays_with_a_transformation_on_top(tmp_path: Path, export: Export, synth) -> None:
    source = synth(900, 60)
    lazy = anndata.experimental.read_lazy(source)
    lazy.X = lazy.X.map_blocks(lambda block: np.expm1(block))
    adata = read(source)
    adata.X = np.expm1(adata.X)
    truth = truth_of(adata, genes="all", coords="obsm:spatial", anno=["cell_type"])
    assert_true(export(lazy, genes="all", anno=["cell_type"], name="lazy"), truth)
