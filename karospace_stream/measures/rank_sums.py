"""The U statistic of every group, from sorted genes.

With the average ranks ``R`` of a group's ``n`` cells among all cells, ``U = sum(R) - n (n + 1) / 2`` (Mann
and Whitney, 1947): pairs of a cell of the group and another one, in which the group's value is larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.looks import Look
from karospace_stream.measures.moments import over_groups, sum_by_column
from karospace_stream.measures.pieces import PIECE
from karospace_stream.measures.ranks import (
    Floats,
    Ints,
    Runs,
    SortedGenes,
    ranks_of,
    runs_of,
    tie_terms,
    zero_ties,
)
from karospace_stream.measures.sums import GroupSums


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The combination of groups of each sorted value.

    Attributes
    ----------
    by_cell
        Whether sorted values are labelled by cell; otherwise they are by the combinations of the look.
    """

    look: Look
    by_cell: bool

    def of(self, genes: SortedGenes, begin: int = 0, end: int | None = None) -> npt.NDArray[np.int32]:
        """Of a part of the values."""
        labels = genes.labels(begin, end)
        return self.look.at(labels) if self.by_cell else labels


def against_rest(
    genes: SortedGenes, several: Sequence[Columns], groups: Sequence[GroupSums], *, ties: bool
) -> tuple[dict[int, Floats], Floats | None]:
    """Compare each group with all other cells.

    Parameters
    ----------
    groups
        The counts of all groupings, also of those in other looks.
    ties
        Whether tie terms are wanted.

    Returns
    -------
    For each grouping of ``several`` U, ``(n_genes, n_groups)``; and the tie terms, ``(n_genes, 1)``.
    """
    totals = [np.zeros((genes.n_genes, each.look.n_combinations)) for each in several]
    of_ties = zero_ties(genes) if ties else None
    has_negative = bool(genes.n_negative.any())
    # More than one part only if it is one long gene. Half-integers add up exactly, in any order.
    for begin in range(0, max(1, len(genes.keys)), PIECE) if genes.n_genes == 1 else (0,):
        end = min(begin + PIECE, len(genes.keys)) if genes.n_genes == 1 else len(genes.keys)
        if begin == end:
            break
        found = ranks_of(genes, begin, end)
        if of_ties is not None:
            of_ties += tie_terms(genes, found)
        if has_negative:
            found.ranks[:] += _zeros_below(genes, begin, end)
        indptr = (genes.indptr if genes.n_genes > 1 else np.array([0, end - begin])).astype(np.int32)
        for each, total in zip(several, totals, strict=True):
            total += sum_by_column(indptr, each.of(genes, begin, end), found.ranks, total.shape[1])
    rank_of_zero = genes.n_negative + (genes.n_zero + 1) / 2
    # Ranks were counted from the first gene of the piece, and without the zeros below positive values.
    behind = (0 if has_negative else genes.n_zero) - genes.indptr[:-1]
    us = {}
    for each, total in zip(several, totals, strict=True):
        for number, of_combinations in zip(each.look.members, each.look.groups, strict=True):
            sizes, expressing = groups[number].n_cells, groups[number].n_expressing.astype(np.int64)
            summed = over_groups(total, of_combinations, len(sizes)) + behind[:, None] * expressing
            summed += rank_of_zero[:, None] * (sizes - expressing)
            n = sizes.astype(np.float64)
            us[number] = (summed - n * (n + 1) / 2)[:, 1:]
    return us, None if of_ties is None else of_ties[:, None]


def _zeros_below(genes: SortedGenes, begin: int, end: int) -> Ints:
    """Zeros of the gene that each value is larger than."""
    if genes.n_genes == 1:
        return np.where(np.arange(begin, end) < genes.n_negative[0], 0, genes.n_zero[0])
    lengths = np.diff(genes.indptr)
    first_positive = np.repeat(genes.indptr[:-1] + genes.n_negative, lengths)
    return np.where(np.arange(len(genes.keys)) < first_positive, 0, np.repeat(genes.n_zero, lengths))


def against_reference(
    genes: SortedGenes,
    of_values: npt.NDArray[np.int32],
    group: GroupSums,
    reference: int,
    *,
    ties: bool,
) -> tuple[Floats, Floats | None]:
    """Compare each group with one of them.

    Parameters
    ----------
    of_values
        The column of the sums to which each of the sorted values belongs.
    group
        The counts of the grouping.
    reference
        The group to compare with.
    ties
        Whether tie terms are wanted.

    Returns
    -------
    U, ``(n_genes, n_groups)``, and the tie terms of each pair of groups, likewise; or None.
    """
    runs = runs_of(genes)
    referred = np.concatenate([[0], np.cumsum(of_values == 1 + reference)])
    at = runs.start + genes.indptr[runs.gene]
    inside = referred[at + runs.length] - referred[at]
    below = referred[at] - referred[genes.indptr[runs.gene]]
    zeros = group.n_cells - group.n_expressing.astype(np.int64)
    of_reference = zeros[:, 1 + reference]
    below = below + np.where(runs.positive, of_reference[runs.gene], 0)
    below_or_equal = np.repeat(below + inside / 2, runs.length)
    total = sum_by_column(genes.indptr, of_values, below_or_equal, zeros.shape[1])
    negative = referred[genes.indptr[:-1] + genes.n_negative] - referred[genes.indptr[:-1]]
    u = total + (negative + of_reference / 2)[:, None] * zeros
    return u[:, 1:], _pair_ties(genes, runs, of_values, zeros, reference) if ties else None


def _pair_ties(
    genes: SortedGenes, runs: Runs, of_values: npt.NDArray[np.int32], zeros: Ints, reference: int
) -> Floats:
    """Sum of ``t**3 - t`` over the sets of equal values of each group and the reference together."""
    width = zeros.shape[1]
    of_runs = np.repeat(np.arange(len(runs.gene)), runs.length)
    pairs, counts = np.unique(of_runs * width + of_values, return_counts=True)
    run, group = np.divmod(pairs, width)
    referred = np.zeros(len(runs.gene))
    is_reference = group == 1 + reference
    referred[run[is_reference]] = counts[is_reference]
    gain = _term(counts + referred[run]) - _term(referred[run])
    found = np.bincount(runs.gene[run] * width + group, gain, minlength=genes.n_genes * width)
    alone = np.bincount(runs.gene, _term(referred), minlength=genes.n_genes)
    of_zeros = _term(zeros + zeros[:, [1 + reference]].astype(np.float64))
    return (found.reshape(genes.n_genes, width) + alone[:, None] + of_zeros)[:, 1:]


def _term(sizes: npt.NDArray[np.generic]) -> Floats:
    exact = sizes.astype(np.float64)
    return exact**3 - exact
