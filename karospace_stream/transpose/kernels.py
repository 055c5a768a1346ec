"""Transpose in memory: a block of rows to gene-major, fragments to complete genes.

The heavy loops are SciPy's and NumPy's, which release the interpreter lock, so that as many threads
as there are workers can transpose blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.model.matrix import GeneBand, RowBlock, ValueFacts, not_zero

#: Rows of one fragment: their offsets fit 16 bits.
MAX_BLOCK_ROWS = 65_536

_INT32_CELLS = 2**31 - 1

#: Values of a dense block that are turned at a time; at least one gene or one cell.
SLICE_VALUES = 1 << 19


@dataclass(frozen=True, slots=True)
class Fragment:
    """Selected genes x the selected cells of one row block, gene-major.

    Attributes
    ----------
    first_cell
        Exported number of the cell at row offset 0.
    indptr
        int64, ``(n_genes + 1,)``: where each gene begins, in exported order.
    rows
        uint16, ``(nnz,)``: cell number minus ``first_cell``; ascending within a gene.
    values
        float32, ``(nnz,)``; float64 if requested.
    facts
        If the values are stored exactly; then none is zero.
    """

    first_cell: int
    indptr: npt.NDArray[np.int64]
    rows: npt.NDArray[np.uint16]
    values: npt.NDArray[np.floating]
    facts: ValueFacts | None = None

    @property
    def nbytes(self) -> int:
        """Memory that the fragment takes, in bytes."""
        return self.indptr.nbytes + self.rows.nbytes + self.values.nbytes


def as_csr(block: RowBlock) -> sparse.csr_matrix:
    """Rows of the source as a SciPy matrix that shares the block's memory."""
    shape = (len(block.indptr) - 1, block.n_genes)
    return sparse.csr_matrix((_no_half(block.data), block.indices, block.indptr), shape=shape, copy=False)


def _no_half(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    # SciPy has no routines for float16; those for float32 give the same result exactly.
    return values.astype(np.float32) if values.dtype == np.float16 else values


@dataclass(frozen=True, slots=True)
class Piece:
    """One band of one fragment.

    Attributes
    ----------
    first_cell
        Exported number of the cell at row offset 0.
    counts
        Values of each gene of the band, ``(n_genes,)``.
    rows, values
        As in `Fragment`, of this band only.
    """

    first_cell: int
    counts: npt.NDArray[np.integer]
    rows: npt.NDArray[np.uint16]
    values: npt.NDArray[np.floating]

    def genes(self, n: int) -> Piece:
        """The first ``n`` genes of the band."""
        end = int(self.counts[:n].sum())
        return Piece(self.first_cell, self.counts[:n], self.rows[:end], self.values[:end])


def turn(
    rows: sparse.csr_matrix,
    *,
    first_cell: int,
    keep: npt.NDArray[np.int64] | None,
    genes: npt.NDArray[np.int64] | None,
    dtype: str = "float32",
) -> Fragment:
    """Turn a block of rows gene-major, with the selected cells and genes only.

    Parameters
    ----------
    rows
        CSR, any value type; unsorted and repeated entries are allowed (repeats are summed,
        in the source's type, as SciPy and anndata do).
    first_cell
        Exported number of the first selected cell.
    keep
        Rows of the block to keep, sorted; None for all.
    genes
        Columns to keep, in exported order; None for all, in order.
    dtype
        Of the result: float32 or float64.
    """
    if keep is not None:
        rows = rows[keep]
    if genes is not None:
        rows = rows[:, genes]
    _check_height(rows.shape[0])
    turned = rows.tocsc()
    del rows
    turned.has_sorted_indices = True  # rows are visited in order
    if not turned.has_canonical_format:
        turned.sum_duplicates()
    with np.errstate(over="ignore"):  # beyond float32 is an infinity, reported when encoded
        values = turned.data.astype(dtype, copy=False)
    return Fragment(
        first_cell=first_cell,
        indptr=turned.indptr.astype(np.int64),
        rows=turned.indices.astype(np.uint16),
        values=values,
    )


def _check_height(n_rows: int) -> None:
    # Offsets that wrap around would mix up cells without a sound.
    assert n_rows <= MAX_BLOCK_ROWS, f"a block of {n_rows:,} rows; {MAX_BLOCK_ROWS:,} is the most"


def turn_dense(
    block: npt.NDArray[np.generic],
    *,
    first_cell: int,
    keep: npt.NDArray[np.int64] | None,
    genes: npt.NDArray[np.int64] | None,
    dtype: str = "float32",
) -> Fragment:
    """Turn a dense block of rows gene-major; zeros are dropped, negative ones are not.

    Works in small slices, so that little memory is needed besides the block and the result.
    """
    if keep is not None:
        block = block[keep]
    _check_height(len(block))
    picked = block if genes is None else block[:, genes]
    height = max(1, SLICE_VALUES // max(1, picked.shape[1]))
    slices = (picked[first : first + height] for first in range(0, len(picked), height))
    rows = nonzero_rows(slices, picked.shape[1])
    if rows is not None:
        return turn(rows, first_cell=first_cell, keep=None, genes=None, dtype=dtype)
    return _turn_full(picked, first_cell, dtype)


def nonzero_rows(slices: Iterable[npt.NDArray[np.generic]], n_genes: int) -> sparse.csr_matrix | None:
    """Nonzero values of dense rows, or None if there are too many for the detour to be worth it.

    Going through memory in its own order and turning the nonzero values is up to twice as fast as
    turning the zeros too, while fewer than one value in four is stored; above that it is slower.

    Parameters
    ----------
    slices
        Rows, a few at a time (about `SLICE_VALUES` values stay in the processor's cache).
    """
    counts, columns, values = [np.zeros(1, np.int64)], [], []
    for rows in slices:
        flat = rows.reshape(-1)
        found = np.flatnonzero(not_zero(flat))
        if 4 * len(found) > flat.size:
            return None
        values.append(_no_half(flat[found]))
        begins = np.arange(len(rows) + 1) * n_genes
        count = np.diff(np.searchsorted(found, begins))
        found -= np.repeat(begins[:-1], count)
        columns.append(found.astype(np.int32))
        counts.append(count)
    if not values:
        return None
    indptr = np.cumsum(np.concatenate(counts))
    arrays = (np.concatenate(values), np.concatenate(columns), indptr)
    return sparse.csr_matrix(arrays, shape=(len(indptr) - 1, n_genes), copy=False)


def _turn_full(block: npt.NDArray[np.generic], first_cell: int, dtype: str) -> Fragment:
    n_rows, n_genes = block.shape
    width = max(1, SLICE_VALUES // max(1, n_rows))
    counts, rows, values = [], [], []
    for first in range(0, n_genes, width):
        with np.errstate(over="ignore"):
            picked = block[:, first : first + width]
            turned = np.ascontiguousarray(picked.T).astype(dtype, copy=False)
        there = not_zero(turned)
        counts.append(np.count_nonzero(there, axis=1))
        found = np.flatnonzero(there)
        values.append(turned.ravel()[found])
        rows.append((found % max(1, n_rows)).astype(np.uint16))
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(counts))]) if counts else np.zeros(1)
    return Fragment(
        first_cell=first_cell,
        indptr=indptr.astype(np.int64),
        rows=np.concatenate(rows) if rows else np.empty(0, np.uint16),
        values=np.concatenate(values) if values else np.empty(0, dtype),
    )


def merge(pieces: Sequence[Piece], start: int, n_cells: int) -> GeneBand:
    """Join the pieces of a band: complete genes, their cells in order.

    Parameters
    ----------
    pieces
        The band's piece of every fragment, by ascending first cell.
    start
        Position of the band's first gene.
    """
    counts = np.stack([piece.counts for piece in pieces]).astype(np.int64)
    indptr = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    # Where each piece's values of each gene go: after those of all earlier pieces.
    begins = indptr[:-1] + np.cumsum(counts, axis=0) - counts
    rows = np.empty(indptr[-1], dtype=np.int32 if n_cells <= _INT32_CELLS else np.int64)
    values = np.empty(indptr[-1], dtype=np.result_type(np.float32, *(piece.values.dtype for piece in pieces)))
    for piece, count, begin in zip(pieces, counts, begins, strict=True):
        where = np.repeat(begin - np.cumsum(count) + count, count)
        where += np.arange(len(where))
        rows[where] = piece.rows.astype(rows.dtype) + piece.first_cell
        values[where] = piece.values
    return GeneBand(start, n_cells, indptr, rows, values)


def positions(cells: npt.NDArray[np.int64] | None, n_rows: int) -> npt.NDArray[np.int64] | None:
    """Exported number of every source row, -1 if it is left out; None if none is."""
    if cells is None:
        return None
    where = np.full(n_rows, -1, dtype=np.int64)
    where[cells] = np.arange(len(cells))
    return where


def exported_cells(band: GeneBand, position_of: npt.NDArray[np.int64]) -> GeneBand:
    """A band of a gene-major source with the exported cells only, numbered as exported.

    Parameters
    ----------
    position_of
        Exported number of every source cell, -1 if it is not exported.
    """
    rows = position_of[band.rows]
    kept = rows >= 0
    before = np.concatenate([[0], np.cumsum(kept)])
    return GeneBand(band.start, band.n_cells, before[band.indptr], rows[kept], band.data[kept])


def canonical(band: GeneBand, dtype: str = "float32") -> GeneBand:
    """The same band in ``dtype``, each gene's cells ascending, and repeats summed.

    Sums are made in the source's type, as SciPy and anndata do.
    """
    shape = (band.n_cells, len(band.indptr) - 1)
    genes = sparse.csc_matrix((_no_half(band.data), band.rows, band.indptr), shape=shape, copy=False)
    if not genes.has_canonical_format:
        genes = genes.copy()  # the band's memory may be the source's own
        genes.sum_duplicates()
    with np.errstate(over="ignore"):
        values = genes.data.astype(dtype, copy=False)
    return GeneBand(band.start, band.n_cells, genes.indptr.astype(np.int64), genes.indices, values)
