"""The sums of all genes, for the tasks that write what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karospace_stream.formats.genes.statistics.neighbourhoods import FoundNeighbours
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.stored_sums import read_sums
from karospace_stream.measures.autocorrelation import Autocorrelation, autocorrelation
from karospace_stream.measures.group_means import Means, means_of_genes, means_of_groups
from karospace_stream.measures.markers import FEWEST_CELLS, Markers, markers, too_small
from karospace_stream.measures.request import Grouping
from karospace_stream.measures.sums import GroupSums, Sums, join
from karospace_stream.model.finding import Finding
from karospace_stream.transpose.array_scratch import ArrayScratch, ArraysReceipt
from karospace_stream.units import counted

_NAMED = 5  # groups in a sentence


@dataclass(frozen=True, slots=True)
class SummedGenes:
    """Where the sums of all genes lie. A few bytes, picklable.

    Attributes
    ----------
    receipts
        Of the tasks that summed genes.
    neighbours
        What was counted of neighbouring cells; None without a graph.
    """

    plan: StatisticsPlan
    scratch: ArrayScratch
    receipts: tuple[ArraysReceipt, ...]
    neighbours: FoundNeighbours | None = None

    def grouping(self, number: int) -> ComparedGroups:
        """Read the sums over the groups of one column: ``28 n_genes n_groups`` bytes."""
        sums = self._read((number,))
        return ComparedGroups(self.plan, number, sums.groups[0])

    def each_task(self) -> Iterator[Sums]:
        """Read the sums over all groups, those of one task after another."""
        return read_sums(self.scratch, self.receipts, range(len(self.plan.request.groupings)))

    def genes(self) -> tuple[Sums, Means]:
        """Read the sums over all cells, and what follows from them."""
        sums = self._read(())
        return sums, means_of_genes(sums.totals)

    def autocorrelation(self) -> Autocorrelation | None:
        """Moran's I and Geary's C of all genes; None without a graph."""
        totals = self._read(()).totals
        if totals.crossed is None or totals.moments is None:
            return None
        cross, linear, square = totals.crossed.T
        return autocorrelation(
            totals.n_cells, totals.sums, totals.squares, (cross, linear, square), totals.moments
        )

    def findings(self) -> Iterator[Finding]:
        """Values that could not be summed as they are."""
        missing = sum(each.n_missing for each in self.receipts)
        clipped = sum(each.n_clipped for each in self.receipts)
        if missing:
            yield Finding(
                "nan-as-zero", f"{missing:,} NaN in the matrix {_count(missing)} as 0 in statistics"
            )
        if clipped:
            what = "infinite values" if clipped > 1 else "infinite value"
            text = (
                f"{clipped:,} {what} in the matrix {_count(clipped)} in statistics as the end of the finite "
                "range of the gene"
            )
            yield Finding("infinities-clipped", text)
        yield from self.findings_of_weights()

    def findings_of_weights(self) -> Iterator[Finding]:
        """Weights of the graph that I and C are not meant for, or that leave them without a value."""
        first = next(read_sums(self.scratch, self.receipts[:1], ()), None)
        if first is None or first.totals.moments is None:
            return
        graph = f"obsp[{self.plan.request.graph!r}]"
        n_weights, n_negative, n_odd = first.totals.moments[3:].astype(int).tolist()
        text = ""
        if not n_weights:
            text = (
                f"no exported cell has a neighbour in {graph} whose weight is not 0, so that Moran's I and "
                "Geary's C have no value"
            )
        elif n_odd:
            text = (
                f"{counted(n_odd, 'weight')} of {graph} {'are' if n_odd > 1 else 'is'} NaN or infinite, so "
                "that Moran's I and Geary's C have no value"
            )
        elif n_negative:
            text = (
                f"{counted(n_negative, 'weight')} of {graph} {'are' if n_negative > 1 else 'is'} negative, "
                "but Moran's I and Geary's C are meant for weights of 0 and above"
            )
        if text:
            yield Finding("neighbour-weights", text, "neighbourhoods")

    def _read(self, groupings: tuple[int, ...]) -> Sums:
        return join(list(read_sums(self.scratch, self.receipts, groupings)))


@dataclass(frozen=True, slots=True, eq=False)
class ComparedGroups:
    """The groups of one column."""

    plan: StatisticsPlan
    number: int
    sums: GroupSums

    @property
    def grouping(self) -> Grouping:
        """Column and categories."""
        return self.plan.request.groupings[self.number]

    def means(self) -> Means:
        """Means, variances and shares of every group, ``(n_genes, n_groups)``."""
        return means_of_groups(self.sums)

    def findings(self) -> Iterator[Finding]:
        """Groups that could not be compared."""
        small = too_small(self.grouping, self.sums.n_cells)
        if self.plan.request.test == "none" or self.grouping.n_groups == 1 or not small:
            return
        reference = self.grouping.reference
        if reference is not None and (n_cells := int(self.sums.n_cells[1 + reference])) < FEWEST_CELLS:
            yield small_reference(self.grouping.column, self.grouping.categories[reference], n_cells)
            return
        names = [self.grouping.categories[group] for group in small]
        groups = "groups have" if len(names) > 1 else "group has"
        text = (
            f"{len(names):,} {groups} no markers, since at least two cells must be on each side of a "
            f"comparison by {self.grouping.column!r}: {', '.join(names[:_NAMED])}"
        )
        yield Finding("small-groups", text + (", …" if len(names) > _NAMED else ""), "group_by")

    def markers(self) -> Iterator[Markers]:
        """Each group compared with the others, one after another; none without a test."""
        if self.plan.request.test != "none":
            yield from markers(self.sums, self.grouping, self.plan.request)


def small_reference(column: str, group: str, n_cells: int) -> Finding:
    """The finding that a reference has too few cells for any comparison."""
    text = (
        f"no group of {column!r} has markers, since the reference {group!r} has {counted(n_cells, 'cell')}: "
        "at least two cells must be on each side of a comparison"
    )
    return Finding("small-groups", text, "reference")


def _count(n: int) -> str:
    return "count" if n > 1 else "counts"
