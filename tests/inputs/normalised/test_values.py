"""Exported values are those of ``normalize_total`` and ``log1p``, whatever holds the matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.plan.planning import plan_export
from tests.inputs.normalised.made import (
    LAYOUTS,
    N_CELLS,
    N_GENES,
    as_anndata,
    counts,
    expected,
    exported,
    values_of,
    write,
)

CLOSE = {"rtol": 5e-7}  # four roundings of float32


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("target", [1e4, "median", None])
@pytest.mark.parametrize("log", [True, False])
@pytest.mark.few(14)
def test_every_layout(layout: str, target: Any, log: bool, tmp_path: Path, scratch: Path) -> None:
    if target is None and not log:
        return
    values = counts(seed=1)
    source = write(tmp_path / "cells.h5ad", values, layout)
    found = exported(source, tmp_path / "out.zarr", normalize=target, log1p=log, scratch=scratch)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected(values, target, log=log), **CLOSE)
    assert not list(scratch.iterdir())
    assert karospace_stream.verify(tmp_path / "out.zarr", source=source, progress=False)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float64", "float16", "int64", "uint16", "bool"])
@pytest.mark.few(12)
def test_every_type(layout: str, dtype: str, tmp_path: Path) -> None:
    if dtype == "float16" and layout in ("csr", "csc"):  # SciPy does not write it
        return
    values = counts(dtype)
    source = write(tmp_path / "cells.h5ad", values, layout)
    for target in (1e4, "median"):
        out = tmp_path / f"{target}.zarr"
        found = exported(source, out, normalize=target, log1p=True)
        assert found.dtype == np.float32  # as stores keep logarithms
        np.testing.assert_allclose(found, expected(values, target, log=True), **CLOSE)


BLOCKS = {
    "csr, whole rows": (sparse.csr_matrix, (70, N_GENES)),
    "csr, cut both ways": (sparse.csr_matrix, (70, 7)),
    "csc, whole columns": (sparse.csc_matrix, (N_CELLS, 7)),
    "csc, cut both ways": (sparse.csc_matrix, (70, 7)),
    "dense, cut both ways": (np.asarray, (70, 7)),
    "dense, whole columns": (np.asarray, (N_CELLS, 7)),
}


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("target", [1e4, "median"])
def test_dask_arrays(blocks: str, target: Any, tmp_path: Path) -> None:
    kind, chunks = BLOCKS[blocks]
    values = counts(seed=2)
    lazy = da.from_array(values, chunks=chunks)
    if kind is not np.asarray:
        lazy = lazy.map_blocks(kind, dtype=values.dtype, meta=kind((0, 0), dtype=values.dtype))
    adata = as_anndata(values, "dense")
    adata = anndata.AnnData(lazy, obs=adata.obs, var=adata.var, obsm=dict(adata.obsm))
    for number, genes in enumerate(["all", "top_mean:40"]):
        found = exported(
            adata, tmp_path / f"{number}.zarr", normalize=target, log1p=True, genes=genes, strategy=None
        )
        truth = expected(values, target, log=True)
        np.testing.assert_allclose(np.sort(found, axis=1), np.sort(truth, axis=1), **CLOSE)
    if "columns" in blocks:
        spilled = exported(adata, tmp_path / "s.zarr", normalize=target, log1p=True)
        np.testing.assert_array_equal(spilled, values_of(tmp_path / "0.zarr"))


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_an_object_in_memory_stays_as_it_is(layout: str, tmp_path: Path) -> None:
    values = counts("int32")
    adata = as_anndata(values, layout)
    before = adata.X.copy()
    found = exported(adata, tmp_path / "out.zarr", normalize=1e4, log1p=True)
    np.testing.assert_allclose(found, expected(values, 1e4, log=True), **CLOSE)
    assert (adata.X.dtype, type(adata.X)) == (before.dtype, type(before))
    assert abs(adata.X - before).max() == 0


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_backed_objects_and_stores(layout: str, tmp_path: Path) -> None:
    values = counts(seed=3)
    truth = expected(values, "median", log=True)
    path = write(tmp_path / "cells.h5ad", values, layout)
    backed = exported(
        anndata.read_h5ad(path, backed="r"), tmp_path / "a.zarr", normalize="median", log1p=True
    )
    np.testing.assert_allclose(backed, truth, **CLOSE)
    store = write(tmp_path / "cells.zarr", values, layout)
    np.testing.assert_allclose(
        exported(store, tmp_path / "b.zarr", normalize="median", log1p=True), truth, **CLOSE
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_median_is_that_of_the_exported_cells(layout: str, tmp_path: Path) -> None:
    values = counts(seed=4)
    source = write(tmp_path / "cells.h5ad", values, layout)
    found = exported(source, tmp_path / "out.zarr", normalize="median", downsample=101)
    cells = anndata.read_zarr(tmp_path / "out.zarr").obs_names.astype(int)
    np.testing.assert_allclose(found, expected(values, "median", log=False, cells=cells), **CLOSE)
    fixed = exported(source, tmp_path / "b.zarr", normalize=100, downsample=101)
    np.testing.assert_allclose(fixed, expected(values, 100, log=False, cells=cells), **CLOSE)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_totals_are_of_all_genes(layout: str, tmp_path: Path) -> None:
    values = counts(seed=5)
    source = write(tmp_path / "cells.h5ad", values, layout)
    found = exported(source, tmp_path / "out.zarr", normalize=1e4, genes=["g7", "g3"])
    np.testing.assert_allclose(found, expected(values, 1e4, log=False)[:, [7, 3]], **CLOSE)


@pytest.mark.parametrize("options", [{"layer": "counts"}, {"raw": True}], ids=str)
def test_the_exported_matrix_is_normalised(options: dict[str, Any], tmp_path: Path) -> None:
    values, others = counts(seed=6), counts(seed=7)
    adata = as_anndata(others, "csr")
    adata.raw = as_anndata(values, "csr")
    adata.layers["counts"] = sparse.csr_matrix(values)
    adata.write_h5ad(tmp_path / "cells.h5ad")
    found = exported(tmp_path / "cells.h5ad", tmp_path / "a.zarr", normalize=1e4, log1p=True, **options)
    np.testing.assert_allclose(found, expected(values, 1e4, log=True), **CLOSE)


@pytest.mark.parametrize("layout", ["csr", "csc"])
def test_repeated_entries_are_added_up_first(layout: str, tmp_path: Path) -> None:
    values = counts()
    kind = sparse.csr_matrix if layout == "csr" else sparse.csc_matrix
    half = kind(values // 2)
    rest = kind(values - values // 2)
    # Each line has its entries in reverse order, and many of them twice.
    lines = [
        (np.r_[a.indices, b.indices][::-1], np.r_[a.data, b.data][::-1])
        for a, b in (
            (half[i] if layout == "csr" else half[:, i], rest[i] if layout == "csr" else rest[:, i])
            for i in range(half.shape[0 if layout == "csr" else 1])
        )
    ]
    indptr = np.cumsum([0, *(len(each) for each, _ in lines)])
    parts = (np.concatenate([d for _, d in lines]), np.concatenate([i for i, _ in lines]), indptr)
    adata = as_anndata(values, layout)
    adata = anndata.AnnData(kind(parts, shape=values.shape), obsm=dict(adata.obsm))
    found = exported(adata, tmp_path / "out.zarr", normalize=1e4, log1p=True)
    np.testing.assert_allclose(found, expected(values, 1e4, log=True), **CLOSE)


def test_the_plan_needs_no_pass(tmp_path: Path) -> None:
    source = write(tmp_path / "cells.h5ad", counts(), "csc")
    plan = karospace_stream.plan_export(source, normalize="median", log1p=True)
    assert plan.source.preparation is not None
    assert plan.scratch_nbytes >= 8 * N_CELLS
    assert plan_export is not None
    rows = write(tmp_path / "rows.h5ad", counts(), "csr")
    assert karospace_stream.plan_export(rows, normalize=1e4, log1p=True).source.preparation is None
