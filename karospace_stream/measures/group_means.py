"""Means, variances and shares of groups and of all cells outside them, from sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.sums import GeneTotals, GroupSums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Numbers of genes over one set of cells, or one a column.

    Attributes
    ----------
    n_cells
        ``()`` or ``(n_groups,)``.
    mean, variance, share
        ``(n_genes,)`` or ``(n_genes, n_groups)``: mean; variance with ``n - 1`` in the denominator; share of
        cells whose value is not 0. NaN where there are no cells, and the variance of one cell.
    mean_expressing
        Mean of the cells whose value is not 0; NaN where there are none.
    """

    n_cells: Ints
    mean: Floats
    variance: Floats
    share: Floats
    mean_expressing: Floats


def means_of_groups(sums: GroupSums) -> Means:
    """Of every group."""
    return means(sums.n_cells[1:], sums.n_expressing[:, 1:], sums.sums[:, 1:], sums.squares[:, 1:])


def means_of_genes(totals: GeneTotals) -> Means:
    """Of all cells."""
    return means(np.asarray(totals.n_cells), totals.n_expressing, totals.sums, totals.squares)


def means_outside(sums: GroupSums, group: int) -> Means:
    """Of all cells outside one group, ``(n_genes,)``.

    Added up from the other groups: subtracting the group from the total would leave rounding errors of the
    size of the group.
    """
    others = np.delete(np.arange(len(sums.n_cells)), 1 + group)
    return means(
        sums.n_cells[others].sum(),
        sums.n_expressing[:, others].sum(axis=1, dtype=np.int64),
        sums.sums[:, others].sum(axis=1),
        sums.squares[:, others].sum(axis=1),
    )


Counts = npt.NDArray[np.integer] | np.integer


def means(n_cells: Counts, n_expressing: Counts, sums: Floats, squares: Floats) -> Means:
    """From counts and sums."""
    n = np.asarray(n_cells, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums / n
        variance = np.maximum(squares / n - mean * mean, 0) * (n / (n - 1))
        return Means(
            n_cells=np.asarray(n_cells, np.int64),
            mean=mean,
            variance=np.where(n > 1, variance, np.nan),
            share=n_expressing / n,
            mean_expressing=np.where(n_expressing > 0, sums / n_expressing, np.nan),
        )
