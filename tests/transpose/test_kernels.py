"""Turning and merging, compared with loops that are too simple to be wrong."""

from __future__ import annotations

from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.model.matrix import GeneBand, RowBlock, not_zero
from karospace_stream.transpose import kernels
from karospace_stream.transpose.kernels import (
    MAX_BLOCK_ROWS,
    Piece,
    as_csr,
    canonical,
    exported_cells,
    merge,
    turn,
    turn_dense,
)
from tests.transpose.matrices import (
    DTYPES,
    FLOATS,
    INTS,
    as_float32,
    dense_by_loop,
    dense_of,
    stored_matrices,
)

ChosenGenes = npt.NDArray[np.int64] | None


def some_of(data: st.DataObject, n: int, *, ordered: bool) -> ChosenGenes:
    """None, or some of ``n``: sorted (rows), or in any order (genes)."""
    if data.draw(st.booleans()):
        return None
    drawn = data.draw(st.lists(st.integers(0, max(0, n - 1)), unique=True, max_size=n) if n else st.just([]))
    return np.asarray(sorted(drawn) if ordered else drawn, dtype=np.int64)


def pick(dense: npt.NDArray[np.generic], keep: ChosenGenes, genes: ChosenGenes) -> npt.NDArray[np.float32]:
    dense = dense if keep is None else dense[keep]
    return as_float32(dense if genes is None else dense[:, genes])


@settings(max_examples=150)
@given(stored_matrices(), st.data())
def test_turn(matrix: sparse.csr_matrix, data: st.DataObject) -> None:
    n_rows, n_genes = matrix.shape
    keep, genes = some_of(data, n_rows, ordered=True), some_of(data, n_genes, ordered=False)
    before = matrix.copy()
    fragment = turn(matrix, first_cell=17, keep=keep, genes=genes)
    expected = pick(dense_by_loop(before), keep, genes)
    assert fragment.first_cell == 17
    np.testing.assert_array_equal(dense_of(fragment, len(expected)), expected)
    for part in ("data", "indices", "indptr"):  # the source's memory is not ours to change
        np.testing.assert_array_equal(getattr(matrix, part), getattr(before, part))


@settings(max_examples=100)
@given(st.integers(0, 9), st.integers(1, 70), st.sampled_from(DTYPES), st.data())
def test_turn_dense(n_rows: int, n_genes: int, dtype: str, data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    drawn = rng.choice(FLOATS if np.dtype(dtype).kind == "f" else INTS, (n_rows, n_genes))
    drawn[rng.random(drawn.shape) < data.draw(st.sampled_from([0, 0.7, 0.95]))] = 0
    with np.errstate(over="ignore", invalid="ignore"):
        block = drawn.astype(dtype)
    block = np.asarray(block, order=data.draw(st.sampled_from("CF")))
    keep, genes = some_of(data, n_rows, ordered=True), some_of(data, n_genes, ordered=False)
    with mock.patch.object(kernels, "SLICE_VALUES", data.draw(st.sampled_from([1, 20, 1 << 20]))):
        fragment = turn_dense(block, first_cell=3, keep=keep, genes=genes)
    expected = pick(block, keep, genes)
    assert not_zero(fragment.values).all()  # a negative zero is kept
    found = dense_of(fragment, len(expected))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found[found == 0]), np.signbit(expected[expected == 0]))


@pytest.mark.parametrize("density", [0.05, 0.3])
def test_dense_and_sparse_give_the_same_fragment(density: float) -> None:
    dense = sparse.random(300, 133, density, dtype=np.float32, random_state=0).toarray()
    genes = np.random.default_rng(0).permutation(dense.shape[1])[:100]
    keep = np.arange(0, 300, 3)
    one = turn(sparse.csr_matrix(dense), first_cell=5, keep=keep, genes=genes)
    other = turn_dense(dense, first_cell=5, keep=keep, genes=genes)
    for part in ("indptr", "rows", "values"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


@pytest.mark.parametrize("kind", ["sparse", "dense"])
def test_the_last_row_of_the_largest_block(kind: str) -> None:
    dense = np.zeros((MAX_BLOCK_ROWS, 2), np.float32)
    dense[[0, -2, -1], 1] = 1, 2, 3
    if kind == "sparse":
        fragment = turn(sparse.csr_matrix(dense), first_cell=0, keep=None, genes=None)
    else:
        fragment = turn_dense(dense, first_cell=0, keep=None, genes=None)
    assert fragment.rows.tolist() == [0, 65_534, 65_535]
    assert fragment.values.tolist() == [1, 2, 3]


@pytest.mark.parametrize("kernel", [turn, turn_dense])
def test_a_block_too_high_for_its_offsets_is_never_turned(kernel: object) -> None:
    dense = np.ones((MAX_BLOCK_ROWS + 1, 1), np.float32)
    block = sparse.csr_matrix(dense) if kernel is turn else dense
    with pytest.raises(AssertionError, match="65,536"):
        kernel(block, first_cell=0, keep=None, genes=None)  # type: ignore[operator]


def test_a_block_shares_its_memory() -> None:
    block = RowBlock(4, 3, np.array([0, 2, 2]), np.array([2, 0], np.int32), np.array([5.0, 6.0]))
    matrix = as_csr(block)
    assert matrix.toarray().tolist() == [[6, 0, 5], [0, 0, 0]]
    assert np.shares_memory(matrix.data, block.data)
    assert np.shares_memory(matrix.indices, block.indices)


def test_half_floats() -> None:
    block = RowBlock(
        0, 2, np.array([0, 1, 3]), np.array([1, 0, 0], np.int32), np.array([1, 2, 3], np.float16)
    )
    fragment = turn(as_csr(block), first_cell=0, keep=None, genes=np.array([1, 0]))
    np.testing.assert_array_equal(dense_of(fragment, 2), [[1, 0], [0, 5]])
    band = GeneBand(0, 2, np.array([0, 3]), np.array([1, 0, 1], np.int32), np.array([1, 2, 3], np.float16))
    assert canonical(band).data.tolist() == [2, 4]


@settings(max_examples=60)
@given(st.data())
def test_merge_puts_blocks_together(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    heights = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=6))
    n_genes = data.draw(st.integers(1, 6))
    truth = rng.integers(-2, 3, (sum(heights), n_genes)).astype(np.float32)
    pieces, first = [], 0
    for height in heights:
        fragment = turn_dense(truth[first : first + height], first_cell=first, keep=None, genes=None)
        pieces.append(Piece(first, np.diff(fragment.indptr), fragment.rows, fragment.values))
        first += height
    band = merge(pieces, 40, sum(heights))
    assert (band.start, band.n_cells) == (40, sum(heights))
    assert band.indptr.dtype == np.int64
    assert band.data.dtype == np.float32
    np.testing.assert_array_equal(written_out(band), truth)
    for begin, end in zip(band.indptr[:-1], band.indptr[1:], strict=True):
        assert (np.diff(band.rows[begin:end]) > 0).all()


@settings(max_examples=100)
@given(stored_matrices(), st.data())
def test_a_gene_major_source(matrix: sparse.csr_matrix, data: st.DataObject) -> None:
    # The same arrays, read as CSC: genes of cells, as a file may hold them.
    genes = sparse.csc_matrix((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape[::-1])
    band = GeneBand(7, genes.shape[0], genes.indptr.astype(np.int64), genes.indices, genes.data)
    before = genes.copy()
    truth = dense_by_loop(before)
    kept = some_of(data, genes.shape[0], ordered=True)
    if kept is not None:
        position_of = np.full(genes.shape[0], -1)
        position_of[kept] = np.arange(len(kept))
        chosen = exported_cells(band, position_of)
        band = GeneBand(chosen.start, len(kept), chosen.indptr, chosen.rows, chosen.data)
        truth = truth[kept]
    whole = canonical(band)
    assert whole.start == 7
    assert whole.data.dtype == np.float32
    np.testing.assert_array_equal(written_out(whole), as_float32(truth))
    np.testing.assert_array_equal(genes.data, before.data)
    np.testing.assert_array_equal(genes.indices, before.indices)


def written_out(band: GeneBand) -> npt.NDArray[np.float32]:
    out = np.zeros((band.n_cells, len(band.indptr) - 1), np.float32)
    for gene in range(out.shape[1]):
        part = slice(band.indptr[gene], band.indptr[gene + 1])
        out[band.rows[part], gene] = band.data[part]
    return out
