"""An AnnData that holds Dask arrays takes the same way as a file."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS

N, G = 900, 30
CSR = sparse.random(N, G, 0.2, format="csr", dtype=np.float32, random_state=1)
DENSE = CSR.toarray()


def adata(X: Any) -> anndata.AnnData:
    return anndata.AnnData(X, obsm={"X_umap": np.random.default_rng(0).random((X.shape[0], 2))})


def exported(X: Any, folder: Path, **options: Any) -> tuple[str, np.ndarray[Any, Any]]:
    """The strategy, and the matrix as the bundle has it."""
    report = karospace_stream.export(adata(X), folder, preview=False, **options)
    genes = [folder / f"assets/expression/gene_{gene:05d}_part_000.bin.gz" for gene in range(report.n_genes)]
    return report.strategy, np.stack(
        [np.frombuffer(gzip.decompress(gene.read_bytes()), "<f4") for gene in genes], axis=1
    )


def blocks_of(kind: Any, chunks: tuple[int, int]) -> Any:
    meta = kind((0, 0), dtype="float32")
    return da.from_array(DENSE, chunks=chunks).map_blocks(kind, dtype="float32", meta=meta)


LAZY = {
    "CSR, whole rows": (lambda: blocks_of(sparse.csr_matrix, (250, G)), "memory"),
    "CSR, cut both ways": (lambda: blocks_of(sparse.csr_matrix, (250, 7)), "memory"),
    "CSC, whole columns": (lambda: blocks_of(sparse.csc_matrix, (N, 7)), "pass"),
    "CSC, cut both ways": (lambda: blocks_of(sparse.csc_matrix, (250, 7)), "memory"),
    "dense, cut both ways": (lambda: da.from_array(DENSE, chunks=(250, 7)), "memory"),
    "dense, whole columns": (lambda: da.from_array(DENSE, chunks=(N, 7)), "pass"),
}


@pytest.mark.parametrize("kind", LAZY)
@pytest.mark.parametrize("genes", ["all", f"top_mean:{G}"])
def test_blocks_of_any_kind(kind: str, genes: str, tmp_path: Path) -> None:
    make, strategy = LAZY[kind]
    means = DENSE.sum(axis=0, dtype=np.float64) / N
    order = np.arange(G) if genes == "all" else np.argsort(-means.astype(np.float32), kind="stable")
    taken, values = exported(make(), tmp_path / "bundle", genes=genes)
    assert taken == strategy
    np.testing.assert_array_equal(values, DENSE[:, order])


def test_a_transformation_on_top(tmp_path: Path) -> None:
    for number, X in enumerate(
        [
            np.log1p(da.from_array(DENSE, chunks=(250, 7))),
            blocks_of(sparse.csr_matrix, (250, 7)).map_blocks(
                sparse.csr_matrix.log1p, dtype="float32", meta=sparse.csr_matrix((0, 0), dtype="float32")
            ),
        ]
    ):
        _, values = exported(X, tmp_path / str(number), strategy="spill", scratch=tmp_path)
        np.testing.assert_array_equal(values, np.log1p(DENSE))


@pytest.mark.parametrize("kind", ["dense", "csr"])
@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_chunks_higher_than_a_block(kind: str, strategy: str, tmp_path: Path) -> None:
    n = MAX_BLOCK_ROWS + 20_000
    truth = np.zeros((n, 3), np.float32)
    truth[[0, 5, MAX_BLOCK_ROWS - 1, MAX_BLOCK_ROWS, MAX_BLOCK_ROWS + 5, n - 1], 1] = range(1, 7)
    X = da.from_array(truth, chunks=(n, 3) if kind == "dense" else (n - 7, 3))
    if kind == "csr":
        X = X.map_blocks(sparse.csr_matrix, dtype="float32", meta=sparse.csr_matrix((0, 0), dtype="float32"))
    options = {"strategy": strategy, "scratch": tmp_path}
    taken, values = exported(X, tmp_path / "bundle", **options)
    assert taken == strategy
    np.testing.assert_array_equal(values, truth)


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("way", ["backed", "in memory", "file"])
def test_opened_matrices_are_those_of_anndata(layout: str, way: str, tmp_path: Path) -> None:
    X = {"csr": CSR, "csc": CSR.tocsc(), "dense": DENSE}[layout]
    whole = adata(X)
    path = tmp_path / "a.h5ad"
    whole.write_h5ad(path)
    opened: Any = {"backed": lambda: anndata.read_h5ad(path, backed="r"), "in memory": lambda: whole}.get(
        way, lambda: path
    )()
    lazy = karospace_stream.open_source(opened).X
    assert (lazy.shape, lazy.dtype) == ((N, G), np.float32)
    values = lazy.compute(scheduler="sync")
    np.testing.assert_array_equal(values.toarray() if sparse.issparse(values) else values, DENSE)
    _, written = exported_from(opened, tmp_path / "bundle")
    np.testing.assert_array_equal(written, DENSE)
    if way == "backed":
        opened.file.close()


def exported_from(opened: Any, folder: Path) -> tuple[int, np.ndarray[Any, Any]]:
    report = karospace_stream.export(opened, folder, preview=False, gzip=False)
    genes = [folder / f"assets/expression/gene_{gene:05d}_part_000.bin" for gene in range(report.n_genes)]
    return report.n_genes, np.stack([np.fromfile(gene, "<f4") for gene in genes], axis=1)
