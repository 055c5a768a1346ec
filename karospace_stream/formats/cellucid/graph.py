"""Stages of the neighbour graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.cells.edges import TurnedGraph
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.model.blob import Receipt

End = Literal["src", "dst"]
ENDS: tuple[End, ...] = ("src", "dst")


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """Facts about the graph for the manifest."""

    n_edges: int
    max_neighbours: int


@dataclass(frozen=True, slots=True)
class GraphWritten:
    """The neighbour graph: its two files, and the facts for its manifest."""

    receipts: Sequence[Receipt]
    facts: GraphFacts


def write_end(job: CellucidJob, graph: TurnedGraph, end: End) -> Receipt:
    """Write one end of every edge, piece by piece."""
    pieces = graph.pieces("sources" if end == "src" else "targets")
    return job.put_packed(job.layout.edges(end), map(little_endian, pieces))


def facts(graph: TurnedGraph) -> GraphFacts:
    """Summarise the written graph."""
    return GraphFacts(graph.n_edges, graph.max_neighbours)
