"""The U statistic of every group, from sorted genes.

With the average ranks ``R`` of a group's ``n`` cells among all cells, ``U = sum(R) - n (n + 1) / 2`` (Mann
and Whitney, 1947): pairs of a cell of the group and another one, in which the group's value is larger.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.pieces import PIECE
from karospace_stream.measures.ranks import Floats, Ints, Runs, SortedGenes, runs_of, tie_terms, zero_ties

Codes = npt.NDArray[np.signedinteger]


def against_rest(
    genes: SortedGenes,
    groupings: list[tuple[Codes, npt.NDArray[np.uint32], Ints]],
) -> tuple[list[Floats], Floats]:
    """Compare each group with all other cells.

    Parameters
    ----------
    groupings
        For each: the group of every cell; cells of each group that express each gene,
        ``(n_genes, 1 + n_groups)``; and cells of each group, ``(1 + n_groups,)``.

    Returns
    -------
    For each grouping U, ``(n_genes, n_groups)``; and the tie terms, ``(n_genes, 1)``.
    """
    ranks = [np.zeros(genes.n_genes * len(sizes)) for _, _, sizes in groupings]
    ties = zero_ties(genes)
    # More than one part only if it is one long gene. Half-integers add up exactly, in any order.
    for begin in range(0, max(1, len(genes.keys)), PIECE) if genes.n_genes == 1 else (0,):
        end = min(begin + PIECE, len(genes.keys)) if genes.n_genes == 1 else len(genes.keys)
        runs = runs_of(genes, begin, end)
        ties += tie_terms(genes, runs)
        rank = runs.start + (runs.length + 1) / 2
        rank += np.where(runs.positive, genes.n_zero[runs.gene], 0)
        of_values, cells = np.repeat(rank, runs.shown), genes.cells(begin, end)
        for (codes, _, sizes), total in zip(groupings, ranks, strict=True):
            total += np.bincount(_keys(genes, codes, cells, len(sizes)), of_values, minlength=len(total))
    rank_of_zero = genes.n_negative + (genes.n_zero + 1) / 2
    found = []
    for (_, expressing, sizes), total in zip(groupings, ranks, strict=True):
        zeros = sizes - expressing.astype(np.int64)
        summed = total.reshape(genes.n_genes, -1) + rank_of_zero[:, None] * zeros
        n = sizes.astype(np.float64)
        found.append((summed - n * (n + 1) / 2)[:, 1:])
    return found, ties[:, None]


def against_reference(
    genes: SortedGenes,
    codes: Codes,
    expressing: npt.NDArray[np.uint32],
    sizes: Ints,
    reference: int,
    *,
    ties: bool,
) -> tuple[Floats, Floats | None]:
    """Compare each group with one of them.

    Parameters
    ----------
    codes, expressing, sizes
        As of `against_rest`.
    reference
        The group to compare with.
    ties
        Whether tie terms are wanted.

    Returns
    -------
    U, ``(n_genes, n_groups)``, and the tie terms of each pair of groups, likewise; or None.
    """
    runs, width = runs_of(genes), len(sizes)
    of_cells = codes[genes.cells()]
    referred = np.concatenate([[0], np.cumsum(of_cells == reference)])
    at = runs.start + genes.indptr[runs.gene]
    inside = referred[at + runs.length] - referred[at]
    below = referred[at] - referred[genes.indptr[runs.gene]]
    zeros = sizes - expressing.astype(np.int64)
    of_reference = zeros[:, 1 + reference]
    below = below + np.where(runs.positive, of_reference[runs.gene], 0)
    keys = np.repeat(runs.gene * width, runs.length) + 1 + of_cells
    total = np.bincount(keys, np.repeat(below + inside / 2, runs.length), minlength=genes.n_genes * width)
    negative = referred[genes.indptr[:-1] + genes.n_negative] - referred[genes.indptr[:-1]]
    u = total.reshape(genes.n_genes, width) + (negative + of_reference / 2)[:, None] * zeros
    return u[:, 1:], _pair_ties(genes, runs, of_cells, zeros, reference) if ties else None


def _pair_ties(genes: SortedGenes, runs: Runs, of_cells: Codes, zeros: Ints, reference: int) -> Floats:
    """Sum of ``t**3 - t`` over the sets of equal values of each group and the reference together."""
    width = zeros.shape[1]
    of_runs = np.repeat(np.arange(len(runs.gene)), runs.length)
    pairs, counts = np.unique(of_runs * width + 1 + of_cells, return_counts=True)
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


def _keys(genes: SortedGenes, codes: Codes, cells: npt.NDArray[np.uint32], width: int) -> Ints:
    if genes.n_genes == 1:
        keys = np.ones(len(cells), np.int64)
    else:
        keys = np.repeat(np.arange(1, 1 + genes.n_genes * width, width), np.diff(genes.indptr))
    keys += codes[cells]
    return keys
