"""Lazy results that all formats of an export share."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.cells.edges import TurnedGraph
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.runtime.task import Task
from karospace_stream.transpose.array_scratch import ArrayScratch


@dataclass(frozen=True, slots=True)
class SharedTasks:
    """Results that every format may use; None where the export has none.

    Attributes
    ----------
    graph
        The neighbour graph as edges.
    sums
        Sums of all genes over groups of cells.
    statistics
        Which groups, and how they are compared.
    pseudobulk
        Sums of all genes over combinations of columns.
    tissue
        Scratch of the tasks that write parts of a tissue.
    """

    graph: Task[TurnedGraph] | None = None
    sums: Task[SummedGenes] | None = None
    statistics: StatisticsPlan | None = None
    pseudobulk: Task[SummedGenes] | None = None
    tissue: ArrayScratch | None = None
