"""Sort the values of genes once, for all groupings: only those that are not 0, as zeros are counted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.pieces import Piece

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_HALF = np.uint64(32)
_LABELS = np.uint64(1 << 32)
_SIGN = np.uint32(1 << 31)


@dataclass(frozen=True, slots=True, eq=False)
class SortedGenes:
    """Some genes, each sorted by value.

    Attributes
    ----------
    indptr
        int64, ``(n_genes + 1,)``: where each gene begins.
    keys
        uint64, ``(nnz,)``: a number that orders like the value, and the label, 32 bits each.
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

    def labels(self, begin: int = 0, end: int | None = None) -> npt.NDArray[np.int32]:
        """The label of each value."""
        return self.keys[begin:end].astype(np.uint32).view(np.int32)

    def gene_of(self, positions: Ints) -> Ints:
        """The gene of values at some positions."""
        if self.n_genes == 1:
            return np.zeros(len(positions), np.int64)
        return np.searchsorted(self.indptr, positions, side="right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of equal values among sorted genes.

    Attributes
    ----------
    gene
        ``(n_runs,)``: whose values they are.
    start
        Values of the gene before the run.
    length
        Equal values.
    positive
        Whether the values are above 0.
    """

    gene: Ints
    start: Ints
    length: Ints
    positive: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Ranks of some values among all values of their piece.

    Attributes
    ----------
    ranks
        float64: from 1, with the mean for equal values of a gene.
    starts, stops
        Runs of equal values that begin here, as positions in the piece. Those of one value may be left out.
    """

    ranks: Floats
    starts: Ints
    stops: Ints


def sort_genes(piece: Piece, n_cells: int, labels: npt.NDArray[np.integer]) -> SortedGenes:
    """Sort the values of each gene.

    Parameters
    ----------
    labels
        ``(nnz,)``, from 0: what is known of each value once it is sorted.
    """
    lengths = np.diff(piece.indptr)
    keys = ordered_bits(piece.data).astype(np.uint64)
    keys <<= _HALF
    keys |= labels.astype(np.uint32, copy=False)
    for begin, end in pairwise(piece.indptr.tolist()):
        keys[begin:end].sort()
    negative = piece.data < 0
    n_negative = np.zeros(piece.n_genes, np.int64)
    if negative.any():
        before = np.concatenate([[0], np.cumsum(negative)])
        n_negative = np.diff(before[piece.indptr])
    return SortedGenes(piece.indptr, keys, n_negative, n_cells - lengths)


def ordered_bits(values: npt.NDArray[np.floating]) -> npt.NDArray[np.uint32]:
    """Unsigned integers in the order of the values, and equal where those are."""
    with np.errstate(over="ignore"):  # beyond float32, which then does not hold them
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


def runs_of(genes: SortedGenes) -> Runs:
    """Runs of equal values."""
    start = np.concatenate([[0], 1 + np.flatnonzero(~_equal_to_next(genes, 0, len(genes.keys)))])
    start = start[: len(genes.keys)]
    length = np.diff(start, append=len(genes.keys))
    gene = genes.gene_of(start)
    start = start - genes.indptr[gene]
    return Runs(gene, start, length, start >= genes.n_negative[gene])


def ranks_of(genes: SortedGenes, begin: int, end: int) -> Ranks:
    """Ranks of all values; or of a part of them, if it is one gene."""
    equal = np.empty(end - begin + 1, bool)  # whether a value equals the one before; the last is the next one
    equal[1:-1] = _equal_to_next(genes, begin, end)
    low, high = _ends(genes, begin, end)
    equal[0], equal[-1] = low < begin, high > end
    ranks = np.arange(begin + 1, end + 1, dtype=np.float64)
    tied = equal[:-1] | equal[1:]
    n_tied = np.count_nonzero(tied)
    if not n_tied:
        return Ranks(ranks, *np.zeros((2, 0), np.int64))
    # Few or many: to repeat the mean of each run is slow where runs are many and short.
    at = np.flatnonzero(tied) if 2 * n_tied < len(tied) else np.arange(len(tied))
    fresh = ~equal[at]
    fresh[0] = True
    heads = np.flatnonzero(fresh)
    shown = np.diff(heads, append=len(at))
    starts = at[heads] + begin
    stops = starts + shown
    if at[0] == 0:
        starts[0] = low
    if at[-1] == len(tied) - 1:
        stops[-1] = high
    ranks[at] = np.repeat((starts + stops + 1) / 2, shown)
    here = starts >= begin
    return Ranks(ranks, starts[here], stops[here])


def _equal_to_next(genes: SortedGenes, begin: int, end: int) -> npt.NDArray[np.bool_]:
    """Whether each value, but the last one, equals the next one of its gene."""
    equal: npt.NDArray[np.bool_] = (genes.keys[begin + 1 : end] ^ genes.keys[begin : end - 1]) < _LABELS
    if genes.n_genes > 1:
        firsts = genes.indptr[1:-1]
        equal[firsts[(firsts > 0) & (firsts < len(genes.keys))] - 1] = False
    return equal


def _ends(genes: SortedGenes, begin: int, end: int) -> tuple[int, int]:
    """Where the first run of a part begins, and where its last one ends: outside, perhaps."""
    if end - begin == len(genes.keys):
        return begin, end
    first, last = genes.keys[begin] >> _HALF, genes.keys[end - 1] >> _HALF
    low = np.searchsorted(genes.keys, first << _HALF)
    return int(low), int(np.searchsorted(genes.keys, (last << _HALF) | (_LABELS - np.uint64(1)), "right"))


def tie_terms(genes: SortedGenes, found: Ranks) -> Floats:
    """Sum of ``t**3 - t`` over the runs that begin in this part, ``(n_genes,)``; without that of zeros."""
    lengths = (found.stops - found.starts).astype(np.float64)
    of_genes = genes.gene_of(found.starts)
    terms = np.bincount(of_genes, lengths**3 - lengths, minlength=genes.n_genes)
    return terms.astype(np.float64)


def zero_ties(genes: SortedGenes) -> Floats:
    """The same of the zeros."""
    zeros = genes.n_zero.astype(np.float64)
    terms: Floats = zeros**3 - zeros
    return terms
