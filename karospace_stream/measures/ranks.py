"""Sort the values of genes once, for all groupings: only those that are not 0, as zeros are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.pieces import Piece

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_HALF = np.uint64(32)
_SIGN = np.uint32(1 << 31)


@dataclass(frozen=True, slots=True, eq=False)
class SortedGenes:
    """Some genes, each sorted by value.

    Attributes
    ----------
    indptr
        int64, ``(n_genes + 1,)``: where each gene begins.
    keys
        uint64, ``(nnz,)``: a number that orders like the value, and the cell, 32 bits each.
    n_negative, n_zero
        int64, ``(n_genes,)``: cells with a value below 0, and with 0.
    """

    indptr: Ints
    keys: npt.NDArray[np.uint64]
    n_negative: Ints
    n_zero: Ints

    @property
    def n_genes(self) -> int:
        """Number of genes."""
        return len(self.indptr) - 1

    def cells(self, begin: int = 0, end: int | None = None) -> npt.NDArray[np.uint32]:
        """The cell of each value."""
        return self.keys[begin:end].astype(np.uint32)

    def gene_of(self, positions: Ints) -> Ints:
        """The gene of values at some positions."""
        if self.n_genes == 1:
            return np.zeros(len(positions), np.int64)
        return np.searchsorted(self.indptr, positions, side="right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of equal values among sorted genes, or among a part of one sorted gene.

    Attributes
    ----------
    gene
        ``(n_runs,)``: whose values they are.
    start
        Values of the gene before the run.
    length
        Equal values.
    shown
        Those of them that lie in this part.
    begins
        Whether the run begins in this part.
    positive
        Whether the values are above 0.
    """

    gene: Ints
    start: Ints
    length: Ints
    shown: Ints
    begins: npt.NDArray[np.bool_]
    positive: npt.NDArray[np.bool_]


def sort_genes(piece: Piece, n_cells: int) -> SortedGenes:
    """Sort the values of each gene."""
    lengths = np.diff(piece.indptr)
    keys = ordered_bits(piece.data).astype(np.uint64)
    keys <<= _HALF
    keys |= piece.rows.astype(np.uint32)
    for begin, end in zip(piece.indptr[:-1].tolist(), piece.indptr[1:].tolist(), strict=True):
        keys[begin:end].sort()
    negative = piece.data < 0
    n_negative = np.zeros(piece.n_genes, np.int64)
    if negative.any():
        before = np.concatenate([[0], np.cumsum(negative)])
        n_negative = np.diff(before[piece.indptr])
    return SortedGenes(piece.indptr, keys, n_negative, n_cells - lengths)


def ordered_bits(values: npt.NDArray[np.floating]) -> npt.NDArray[np.uint32]:
    """Unsigned integers in the order of the values, and equal where those are."""
    single = values.astype(np.float32, copy=False)
    if values.dtype.itemsize > single.itemsize and not np.array_equal(single, values):
        numbered: npt.NDArray[np.uint32] = np.unique(values, return_inverse=True)[1].astype(np.uint32)
        return numbered
    bits = single.view(np.uint32)
    negative = bits >= _SIGN
    if not negative.any():
        return bits
    flipped: npt.NDArray[np.uint32] = np.where(negative, ~bits, bits | _SIGN)
    return flipped


def runs_of(genes: SortedGenes, begin: int = 0, end: int | None = None) -> Runs:
    """Runs of equal values; in a part of the values, if it is one gene."""
    end = len(genes.keys) if end is None else end
    values = (genes.keys[begin:end] >> _HALF).astype(np.uint32)
    fresh = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    if genes.n_genes > 1:
        starts = genes.indptr[:-1]
        fresh[starts[starts < len(values)]] = True
    at = np.flatnonzero(fresh)
    shown = np.diff(at, append=len(values))
    gene, start, length = genes.gene_of(at), at + begin, shown
    begins = np.ones(len(at), bool)
    if end - begin < len(genes.keys) and len(at):  # the first and the last run may go on outside
        low = np.searchsorted(genes.keys, values[0].astype(np.uint64) << _HALF)
        high = np.searchsorted(genes.keys, (values[-1].astype(np.uint64) + np.uint64(1)) << _HALF)
        start, length, stop = start.copy(), shown.copy(), start + shown
        begins[0] = start[0] == low
        start[0], stop[-1] = low, high
        length = stop - start
    start = start - genes.indptr[gene]
    return Runs(gene, start, length, shown, begins, start >= genes.n_negative[gene])


def tie_terms(genes: SortedGenes, runs: Runs) -> Floats:
    """Sum of ``t**3 - t`` over the runs that begin in this part, ``(n_genes,)``; without that of zeros."""
    lengths = runs.length[runs.begins].astype(np.float64)
    terms = np.bincount(runs.gene[runs.begins], lengths**3 - lengths, minlength=genes.n_genes)
    return terms.astype(np.float64)


def zero_ties(genes: SortedGenes) -> Floats:
    """The same of the zeros."""
    zeros = genes.n_zero.astype(np.float64)
    terms: Floats = zeros**3 - zeros
    return terms
