"""Sums of genes over groups of cells, from which everything else follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupSums:
    """Sums of some genes over the groups of one grouping.

    Attributes
    ----------
    n_cells
        int64, ``(1 + n_groups,)``: cells of each group; at 0 those without a group.
    n_expressing
        uint32, ``(n_genes, 1 + n_groups)``: cells whose value is not 0.
    sums, squares
        ``(n_genes, 1 + n_groups)``: of the values, and of their squares.
    u
        ``(n_genes, n_groups)``: the U statistic of each group against the others, or against the reference:
        pairs of cells in which the group's value is larger, and half of those in which both are equal. None
        if values were not ranked.
    ties
        ``(n_genes, 1)``, or with a reference ``(n_genes, n_groups)``: the sum of ``t**3 - t`` over the sizes
        ``t`` of all sets of equal values. None if it was not wanted.
    """

    n_cells: npt.NDArray[np.int64]
    n_expressing: npt.NDArray[np.uint32]
    sums: Floats
    squares: Floats
    u: Floats | None = None
    ties: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GeneTotals:
    """Numbers of some genes over all cells.

    Attributes
    ----------
    n_cells
        Cells, whether or not they have a group.
    n_expressing
        int64, ``(n_genes,)``.
    sums, squares, minimum, maximum
        ``(n_genes,)``.
    crossed
        ``(n_genes, 3)``: as of `autocorrelation.cross_sums`; None without a graph.
    moments
        ``(6,)``: of the graph, as of `autocorrelation.Weights`; None without a graph.
    """

    n_cells: int
    n_expressing: npt.NDArray[np.int64]
    sums: Floats
    squares: Floats
    minimum: Floats
    maximum: Floats
    crossed: Floats | None = None
    moments: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """All sums of some genes.

    Attributes
    ----------
    genes
        int64, ``(n_genes,)``: their positions in exported order.
    groups
        In the order of the request's groupings.
    """

    genes: npt.NDArray[np.int64]
    totals: GeneTotals
    groups: tuple[GroupSums, ...]


def cells_of_groups(codes: npt.NDArray[np.signedinteger], n_groups: int) -> npt.NDArray[np.int64]:
    """Number of cells without a group, and of each group: int64, ``(1 + n_groups,)``."""
    counts = np.zeros(1 + n_groups, np.int64)
    for at in range(0, len(codes), 1 << 20):
        counts += np.bincount(codes[at : at + (1 << 20)].astype(np.int64) + 1, minlength=1 + n_groups)
    return counts


def join(several: Sequence[Sums]) -> Sums:
    """Sums of all genes, in exported order, from those of some genes each."""
    genes = np.concatenate([each.genes for each in several])
    order = np.argsort(genes, kind="stable")
    totals = [each.totals for each in several]
    groups = []
    for number, first in enumerate(several[0].groups):
        parts = [each.groups[number] for each in several]
        groups.append(
            GroupSums(
                n_cells=first.n_cells,
                n_expressing=np.concatenate([each.n_expressing for each in parts])[order],
                sums=np.concatenate([each.sums for each in parts])[order],
                squares=np.concatenate([each.squares for each in parts])[order],
                u=_joined([each.u for each in parts], order),
                ties=_joined([each.ties for each in parts], order),
            )
        )
    return Sums(
        genes[order],
        GeneTotals(
            n_cells=totals[0].n_cells,
            n_expressing=np.concatenate([each.n_expressing for each in totals])[order],
            sums=np.concatenate([each.sums for each in totals])[order],
            squares=np.concatenate([each.squares for each in totals])[order],
            minimum=np.concatenate([each.minimum for each in totals])[order],
            maximum=np.concatenate([each.maximum for each in totals])[order],
            crossed=_joined([each.crossed for each in totals], order),
            moments=totals[0].moments,
        ),
        tuple(groups),
    )


def _joined(several: list[Floats | None], order: npt.NDArray[np.intp]) -> Floats | None:
    there = [each for each in several if each is not None]
    return np.concatenate(there)[order] if there else None
