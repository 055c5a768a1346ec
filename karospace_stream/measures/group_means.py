"""Means, variances and shares of groups and of all cells outside them, from sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.sums import GeneTotals, GroupSums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Values = npt.NDArray[Any]
Tables = Sequence[Values]


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


def means_outside(sums: GroupSums) -> Iterator[Means]:
    """Of all cells outside each group, ``(n_genes,)``, in category order.

    Added up from the other groups: subtracting the group from the total would leave rounding errors of the
    size of the group.
    """
    tables = (sums.n_cells[None], sums.n_expressing, sums.sums, sums.squares)
    for n_cells, *rest in _others(tables, 1, len(sums.n_cells), [_added(each, 0, 1) for each in tables]):
        yield means(n_cells[0], *rest)


def _others(tables: Tables, begin: int, end: int, outside: list[Values]) -> Iterator[list[Values]]:
    """Sums of all columns but one, for each from ``begin`` to ``end``, in order.

    Halves are added up as wholes: each column is added as often as the range can be halved, not as often as
    there are columns.

    Parameters
    ----------
    outside
        Sums of the columns before ``begin`` and from ``end`` on.
    """
    if end - begin <= 1:
        yield from [outside] * (end - begin)
        return
    middle = (begin + end) // 2
    for first, stop, other in ((begin, middle, (middle, end)), (middle, end, (begin, middle))):
        with np.errstate(over="ignore", invalid="ignore"):
            more = [each + _added(table, *other) for each, table in zip(outside, tables, strict=True)]
        yield from _others(tables, first, stop, more)


def _added(table: Values, begin: int, end: int) -> Values:
    """Sums of some columns."""
    kind = np.float64 if table.dtype.kind == "f" else np.int64
    added: Values = table[:, begin:end].sum(axis=1, dtype=kind)
    return added


Counts = npt.NDArray[np.integer] | np.integer


def means(n_cells: Counts, n_expressing: Counts, sums: Floats, squares: Floats) -> Means:
    """From counts and sums."""
    n = np.asarray(n_cells, np.float64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean = sums / n
        variance = np.maximum(squares / n - mean * mean, 0) * (n / (n - 1))
        return Means(
            n_cells=np.asarray(n_cells, np.int64),
            mean=mean,
            variance=np.where(n > 1, variance, np.nan),
            share=n_expressing / n,
            mean_expressing=np.where(n_expressing > 0, sums / n_expressing, np.nan),
        )
