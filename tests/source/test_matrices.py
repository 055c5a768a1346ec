"""Matrices of every type and layout, beyond what anndata writes by itself."""

from __future__ import annotations

import math

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.source import open_source
from karospace_stream.source.matrices.dense import is_tall

N_CELLS, N_GENES = 50, 8


@pytest.fixture
def make(tmp_path, quietly):
    """Write an AnnData around what the function given writes, and open it."""

    def build(write, n_cells=N_CELLS, n_genes=N_GENES, container="h5ad"):
        frames = {
            key: pd.DataFrame(index=[f"{key}{i}" for i in range(n)])
            for key, n in (("obs", n_cells), ("var", n_genes))
        }
        path = tmp_path / f"matrix.{container}"
        root = h5py.File(path, "w") if container == "h5ad" else zarr.open_group(path, mode="w", zarr_format=3)
        for key, frame in frames.items():
            quietly(ad.io.write_elem, root, key, frame)
        write(root)
        if container == "h5ad":
            root.close()
        return open_source(path)

    return build


def write_sparse(root, matrix, *, index="<i4", pointer="<i4", value=None, **options):
    group = root.create_group("X")
    group.attrs.update({"encoding-type": f"{matrix.format}_matrix", "encoding-version": "0.1.0"})
    group.attrs["shape"] = list(matrix.shape)
    dtypes = {"data": value or matrix.data.dtype, "indices": index, "indptr": pointer}
    for part, dtype in dtypes.items():
        values = getattr(matrix, part).astype(dtype)
        if isinstance(group, h5py.Group):
            group.create_dataset(part, data=values, **options)
        else:
            group.create_array(part, data=values, **options)


def a_matrix(layout="csr", dtype="f4"):
    return sparse.random(N_CELLS, N_GENES, 0.3, layout, dtype="f4", rng=3).astype(dtype)


@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.parametrize(
    ("index", "pointer", "value"),
    [
        ("<i8", "<i8", "<f8"),
        (">i4", ">i8", ">f4"),
        ("<u4", "<u4", "<u2"),
        ("<u8", "<i4", "?"),
        ("<i2", "<u8", "<f2"),
    ],
)
def test_types_of_sparse_parts(make, layout, index, pointer, value):
    matrix = a_matrix(layout)
    matrix.data = (matrix.data * 100).astype(value)
    source = make(lambda root: write_sparse(root, matrix, index=index, pointer=pointer, chunks=(7,)))
    reader = source.matrix("X")
    assert reader.info.index_itemsize == np.dtype(index).itemsize
    assert reader.info.chunk_values == 7
    assert reader.info.nnz == matrix.nnz
    block = reader.read_rows(0, N_CELLS) if layout == "csr" else reader.read_genes(0, N_GENES)
    lines = block.indices if layout == "csr" else block.rows
    assert block.indptr.dtype == np.int64
    assert lines.dtype == np.int32
    assert block.data.dtype == np.dtype(value).newbyteorder("=")
    for found, wanted in ((block.indptr, matrix.indptr), (lines, matrix.indices), (block.data, matrix.data)):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
def test_order_repeats_and_zeros_are_passed_on(make, container):
    matrix = sparse.csr_array((3, 4), dtype="f4")
    matrix.indptr = np.array([0, 3, 3, 6], "i4")
    matrix.indices = np.array([3, 0, 3, 2, 2, 1], "i4")
    matrix.data = np.array([1, 0, np.nan, 5, 6, -0.0], "f4")
    source = make(lambda root: write_sparse(root, matrix, chunks=(2,)), 3, 4, container)
    reader = source.matrix("X")
    block = reader.read_rows(0, 3)
    assert block.indices.tolist() == [3, 0, 3, 2, 2, 1]
    np.testing.assert_array_equal(block.data, matrix.data)
    middle = reader.read_rows(1, 3)
    assert (middle.start, middle.indptr.tolist(), middle.indices.tolist()) == (1, [0, 0, 3], [2, 2, 1])
    assert reader.count_before(np.array([0, 1, 1, 2, 3])).tolist() == [0, 3, 3, 3, 6]
    assert reader.read_rows(2, 2).data.size == 0


def test_counting_streams_in_pieces(make, monkeypatch):
    monkeypatch.setattr("karospace_stream.source.matrices.sparse._PIECE", 7)
    matrix = a_matrix()
    reader = make(lambda root: write_sparse(root, matrix, index="<i8", chunks=(3,))).matrix("X")
    lines = np.array([0, 0, 6, 7, 8, 13, 49, 50])
    assert reader.count_before(lines).tolist() == matrix.indptr[lines].tolist()
    np.testing.assert_array_equal(reader.read_rows(3, 44).indices, matrix[3:44].indices)


def test_empty_matrices(make):
    nothing = sparse.csr_matrix((N_CELLS, N_GENES), dtype="f4")
    reader = make(lambda root: write_sparse(root, nothing)).matrix("X")
    assert reader.info.nnz == 0
    assert reader.count_before(np.array([0, N_CELLS])).tolist() == [0, 0]
    assert reader.read_rows(0, N_CELLS).indptr.tolist() == [0] * (N_CELLS + 1)
    no_cells = make(lambda root: root.create_dataset("X", (0, N_GENES), "f4"), n_cells=0)
    assert no_cells.matrix("X").read_rows(0, 0).data.shape == (0, N_GENES)


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
@pytest.mark.parametrize("dtype", ["?", "<u1", ">i4", "<f2", ">f8"])
def test_dense_types(make, container, dtype):
    values = (a_matrix().toarray() * 100).astype(dtype)
    create = "create_dataset" if container == "h5ad" else "create_array"
    source = make(lambda root: getattr(root, create)("X", data=values, chunks=(9, 3)), container=container)
    info = source.catalog.matrix
    assert (info.layout, info.dtype, info.chunk_values) == (
        "dense",
        str(np.dtype(dtype).newbyteorder("=")),
        27,
    )
    assert info.nnz == N_CELLS * N_GENES
    part = source.matrix("X").read_rows(10, 31)
    assert part.start == 10
    np.testing.assert_array_equal(part.data, values[10:31])
    assert source.matrix("X").count_before(np.array([0, 10])).tolist() == [0, 80]


@pytest.mark.parametrize("container", ["h5ad", "zarr"])
def test_genes_of_a_dense_matrix_in_tall_chunks(make, container):
    values = a_matrix().toarray()
    values[3, 2] = np.nan
    create = "create_dataset" if container == "h5ad" else "create_array"
    source = make(
        lambda root: getattr(root, create)("X", data=values, chunks=(N_CELLS, 1)), container=container
    )
    assert source.catalog.matrix.gene_major
    band = source.matrix("X").read_genes(1, 7)
    assert (band.start, band.n_cells) == (1, N_CELLS)
    found = sparse.csc_array((band.data, band.rows, band.indptr), shape=(N_CELLS, 6)).toarray()
    np.testing.assert_array_equal(found, values[:, 1:7])
    assert (band.data != 0).all()  # NaN is not equal to 0, so it is kept
    np.testing.assert_array_equal(source.matrix("X").read_rows(2, 5).data, values[2:5])


def test_sharded_zarr(make):
    values = np.random.default_rng(0).random((N_CELLS, N_GENES)).astype("f4")
    source = make(
        lambda root: root.create_array("X", data=values, chunks=(5, 4), shards=(20, 8)), container="zarr"
    )
    assert source.catalog.matrix.chunk_values == 20
    np.testing.assert_array_equal(source.matrix("X").read_rows(3, 48).data, values[3:48])


@given(
    st.integers(1, 10**7),
    st.integers(2, 40_000),
    st.integers(1, 10**6),
    st.integers(1, 200),
    st.sampled_from([1, 2, 4, 8]),
)
def test_gene_major_means_at_most_twice_the_bytes(n_cells, n_genes, height, width, itemsize):
    height, width = min(height, n_cells), min(width, n_genes)
    if is_tall((n_cells, n_genes), (height, width), itemsize):
        band = min(64, n_genes // 2)
        most = max(
            (math.ceil((start + band) / width) - start // width) * width
            for start in range(min(2 * width, n_genes - band + 1))
        )
        assert most <= 2 * band
        assert height == n_cells or height * width * itemsize >= 64 << 10


def test_shapes_that_are_or_are_not_gene_major():
    assert is_tall((1_000_000, 20_000), (1_000_000, 1), 4)
    assert is_tall((1_000_000, 20_000), (65_536, 16), 4)
    assert is_tall((100, 1), None, 4)
    assert not is_tall((1_000_000, 20_000), None, 4)
    assert not is_tall((1_000_000, 20_000), (977, 20), 4)
    assert not is_tall((1_000_000, 20_000), (1, 20_000), 4)
    assert not is_tall((1_000_000, 20_000), (1_000_000, 64), 4)
