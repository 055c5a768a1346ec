"""Comparing a source with what anndata reads, element by element."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

DATA = (Path(__file__).parents[3] / "shared" / "data").resolve()
GOOD = [
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "cellrank_adata_50",
    "mti_imc_sn",
    "scp_dup_feature",
    "scp_indexed_by_gene_id",
    "soma_pbmc_small",
    "soma_visium",
    "squidpy_visium_test_data",
]


def pytest_itemcollected(item: pytest.Item) -> None:
    """anndata 0.13 uses options of pandas 3 that are going away."""
    item.add_marker(pytest.mark.filterwarnings("ignore:The '.*' option is deprecated"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Where the real files are; they are not part of this repository."""
    if not DATA.is_dir():
        pytest.skip(f"the shared data are not at {DATA}")
    return DATA


@pytest.fixture(scope="session", params=GOOD)
def real_file(request: pytest.FixtureRequest, data_dir: Path) -> Path:
    """Each of the files that hold an AnnData."""
    return data_dir / f"{request.param}.h5ad"


@pytest.fixture(scope="session")
def quietly() -> Callable[..., Any]:
    """Call anndata, whose warnings about old files are not ours to mend."""

    def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)

    return call


@pytest.fixture(scope="session")
def write_zarr() -> Callable[[ad.AnnData, Path, int], None]:
    """Write a store of version 2 or 3 with anndata, which has begun to deprecate the choice."""

    def write(adata: ad.AnnData, path: Path, version: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with ad.settings.override(zarr_write_format=version):
                adata.write_zarr(path)

    return write


@pytest.fixture(scope="session")
def real_adata(real_file: Path, quietly: Callable[..., Any]) -> ad.AnnData:
    """The same, as anndata reads it."""
    return quietly(ad.read_h5ad, real_file)


def to_dense(block: Any, shape: tuple[int, int]) -> np.ndarray:
    """Any block of ours as an array of cells x genes; repeated entries add up, as in SciPy."""
    if not hasattr(block, "indptr"):
        return np.asarray(block.data)
    kind = sparse.csr_array if hasattr(block, "indices") else sparse.csc_array
    lines = block.indices if hasattr(block, "indices") else block.rows
    return kind((block.data, lines, block.indptr), shape=shape).toarray()


def assert_matrix(reader: Any, wanted: Any) -> None:
    """All of a matrix, in three uneven pieces and an empty one, and the counts before its lines."""
    info = reader.info
    dense = wanted.toarray() if sparse.issparse(wanted) else np.asarray(wanted)
    assert info.shape == dense.shape
    assert info.dtype == str(dense.dtype.newbyteorder("="))
    by_rows = info.layout != "csc"
    n_lines = dense.shape[0 if by_rows else 1]
    cuts = [0, n_lines // 7, n_lines // 7, n_lines // 2, n_lines]
    pieces = []
    for start, stop in pairwise(cuts):
        block = reader.read_rows(start, stop) if by_rows else reader.read_genes(start, stop)
        assert block.start == start
        assert block.data.dtype == dense.dtype.newbyteorder("=")
        shape = (stop - start, dense.shape[1]) if by_rows else (dense.shape[0], stop - start)
        pieces.append(to_dense(block, shape))
    np.testing.assert_array_equal(np.concatenate(pieces, axis=0 if by_rows else 1), dense)
    lines = np.unique(np.linspace(0, n_lines, 9).astype(np.int64))
    counts = reader.count_before(lines)
    if info.layout == "dense":
        np.testing.assert_array_equal(counts, lines * dense.shape[1])
    else:
        assert counts[0] == 0
        assert info.nnz is None or counts[-1] == info.nnz
        if sparse.issparse(wanted) and wanted.format == info.layout:
            np.testing.assert_array_equal(counts, wanted.indptr[lines])


def assert_column(column: Any, wanted: pd.Series) -> None:
    """One column, missing values and categories included."""
    missing = wanted.isna().to_numpy(bool)
    if column.kind == "category":
        assert list(column.categories) == list(wanted.cat.categories.astype(str))
        np.testing.assert_array_equal(column.values, wanted.cat.codes.to_numpy())
        return
    if column.kind == "float":
        np.testing.assert_array_equal(column.values, wanted.to_numpy(column.values.dtype, na_value=np.nan))
        return
    found = np.zeros(len(missing), bool) if column.missing is None else column.missing
    np.testing.assert_array_equal(found, missing)
    values = wanted.astype(str).to_numpy(object) if column.kind == "string" else wanted.to_numpy(object)
    assert column.values[~missing].tolist() == values[~missing].tolist()


def assert_frame(infos: Any, read: Callable[[str, int, int], Any], wanted: pd.DataFrame) -> None:
    """All columns, whole and by an inner range."""
    assert [info.name for info in infos] == [str(name) for name in wanted.columns]
    middle = len(wanted) // 3
    for info in infos:
        series = wanted[info.name]
        for start, stop in ((0, len(wanted)), (middle, 2 * middle)):
            column = read(info.name, start, stop)
            assert column.kind == info.kind
            assert_column(column, series.iloc[start:stop])


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Any, ad.AnnData], None]:
    """Everything that a source gives, against an AnnData in memory."""

    def check(source: Any, adata: ad.AnnData) -> None:
        catalog = source.catalog
        assert (catalog.n_cells, catalog.n_genes) == adata.shape
        assert catalog.unreadable == ()
        n = adata.n_obs
        assert source.obs_names(0, n).tolist() == adata.obs_names.tolist()
        assert source.obs_names(n // 2, n).tolist() == adata.obs_names[n // 2 :].tolist()
        assert source.var_names().tolist() == adata.var_names.tolist()
        assert_frame(catalog.obs, source.obs_column, adata.obs)
        assert_frame(catalog.var, lambda name, a, b: _cut(source.var_column(name), a, b), adata.var)
        assert_matrix(source.matrix("X"), adata.X)
        layers = [key for key in adata.layers if key is not None]  # None is X, since anndata 0.13
        assert {info.name for info in catalog.layers} == {f"layers/{key}" for key in layers}
        for key in layers:
            assert_matrix(source.matrix(f"layers/{key}"), adata.layers[key])
        assert (catalog.raw is None) == (adata.raw is None)
        if adata.raw is not None:
            assert_matrix(source.matrix("raw"), adata.raw.X)
            assert source.var_names(raw=True).tolist() == adata.raw.var_names.tolist()
            assert_frame(
                catalog.raw_var,
                lambda name, a, b: _cut(source.var_column(name, raw=True), a, b),
                adata.raw.var,
            )
        assert set(catalog.obsp) == set(adata.obsp)
        for key in adata.obsp:
            assert_matrix(source.matrix(f"obsp/{key}"), adata.obsp[key])
        _assert_obsm(source, adata)
        _assert_images(source, adata)

    return check


def _cut(column: Any, start: int, stop: int) -> Any:
    missing = None if column.missing is None else column.missing[start:stop]
    return type(column)(column.name, column.kind, column.values[start:stop], missing, column.categories)


def _assert_obsm(source: Any, adata: ad.AnnData) -> None:
    assert {info.key for info in source.catalog.obsm} == set(adata.obsm)
    n = adata.n_obs
    for info in source.catalog.obsm:
        wanted = np.asarray(adata.obsm[info.key])
        assert info.n_columns == wanted.shape[1]
        for start, stop, width in ((0, n, info.n_columns), (n // 3, n // 2, 2)):
            part = source.obsm(info.key, start, stop, width)
            assert part.flags.c_contiguous
            assert part.dtype in (np.float32, np.float64)
            np.testing.assert_array_equal(part, wanted[start:stop, :width])


def _assert_images(source: Any, adata: ad.AnnData) -> None:
    for info in source.catalog.images:
        library = adata.uns["spatial"][info.library]
        wanted = library["images"][info.resolution]
        assert (info.height, info.width) == wanted.shape[:2]
        assert info.scale == float(library["scalefactors"][f"tissue_{info.resolution}_scalef"])
        np.testing.assert_array_equal(source.image(info.library, info.resolution), wanted)
    libraries = adata.uns.get("spatial", {}).values()
    assert len(source.catalog.images) == sum(len(library["images"]) for library in libraries)
    for key, colors in adata.uns.items():
        if key.endswith("_colors"):
            assert source.uns_colors(key.removesuffix("_colors")) == tuple(colors)
