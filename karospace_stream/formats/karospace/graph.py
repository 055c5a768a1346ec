"""The neighbour graph of a KaroSpace bundle, in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.cells.edges import TurnedGraph
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.cells.relations import AtlasGraph
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.transpose.edges.scratch import EdgeColumn

COLUMNS: tuple[EdgeColumn, ...] = ("sources", "targets")
Piece = npt.NDArray[np.unsignedinteger]


def write_column(job: KarospaceJob, graph: TurnedGraph, column: EdgeColumn) -> list[Part]:
    """Write one end of every edge, part after part."""
    itemsize = np.dtype(graph.dtype).itemsize
    most = max(1, job.plan.part_nbytes // itemsize)
    rest = _Rest(graph.pieces(column))
    parts: list[Part] = []
    for number, start in enumerate(range(0, graph.n_edges, most)):
        stop = min(start + most, graph.n_edges)
        key = names.graph_array(column, number, job.level is not None)
        pieces = map(little_endian, rest.take(stop - start))
        parts.append((job.put_packed(key, pieces), start, stop))
    return parts


def describe(graph: TurnedGraph, columns: list[list[Part]]) -> AtlasGraph:
    """Describe the graph for the atlas."""
    return AtlasGraph(graph.key, graph.n_edges, graph.max_neighbours, graph.dtype, *columns)


@dataclass(slots=True)
class _Rest:
    """The remaining bytes of some pieces, taken by count."""

    pieces: Iterator[Piece]
    held: Piece | None = None

    def take(self, n: int) -> Iterator[Piece]:
        while n:
            piece = self.held if self.held is not None and len(self.held) else next(self.pieces)
            yield piece[:n]
            self.held = piece[n:]
            n -= len(piece[:n])
