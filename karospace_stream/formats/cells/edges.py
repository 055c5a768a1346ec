"""Plan the neighbour graph, turn it into edges once, and pass them to every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.edges import longest_row
from karospace_stream.errors import BadInputError
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.source.read_costs import chunk_borders, held_values, read_nbytes
from karospace_stream.transpose.edges.plan import EdgePlan, EdgeRequest, plan_edges
from karospace_stream.transpose.edges.scratch import EdgeBand, EdgeColumn, EdgeReceipt, EdgeScratch
from karospace_stream.transpose.edges.tasks import edge_pieces, gather_edges, scatter_edges
from karospace_stream.transpose.plan import DoesNotFitError
from karospace_stream.transpose.stripes import READ_NBYTES, WRITE_NBYTES

_PACKED = Size(0.3, 0.85)  # compressed share, measured; see docs/design/size.md
_LEAST_ENTRY = 2  # bytes of a stored value in scratch, measured; see docs/design/size.md
_MOST_LINES = 1 << 18  # positions where the graph may be cut


@dataclass(frozen=True, slots=True)
class GraphPlan:
    """Which graph, and how to turn it into edges.

    Attributes
    ----------
    key
        Its key in obsp.
    n_values
        Estimated number of stored values between exported cells.
    layout
        Of the matrix; most values of a dense one may be zeros.
    """

    key: str
    edges: EdgePlan
    n_values: int
    layout: str

    def size(self, *, gzip: bool) -> Size:
        """Both ends of all edges; the stored values may be those of both directions, or of one."""
        itemsize = np.dtype(self.edges.index_dtype).itemsize
        ends = Size(self.n_values / 2, self.n_values) * (2 * itemsize)
        return ends.packed(_PACKED, when=gzip)

    @property
    def scratch(self) -> Size:
        """Scratch that its entries and edges take; the high end is where nothing compresses."""
        most = self.edges.scratch_nbytes
        return Size(0 if self.layout == "dense" else min(_LEAST_ENTRY * self.n_values, most), most)

    @property
    def cost(self) -> StageCost:
        """Cost of the tasks that turn it into edges, and of those that read the edges."""
        edges = self.edges
        most = max(edges.scatter_nbytes, edges.gather_nbytes, edges.count_nbytes)
        return StageCost("graph", most, edges.n_blocks + edges.n_bands + 1)


@dataclass(frozen=True, slots=True)
class GraphJob:
    """Input of the graph tasks."""

    reader: MatrixReader
    plan: GraphPlan
    cells: npt.NDArray[np.int64] | None
    scratch: EdgeScratch


@dataclass(frozen=True, slots=True)
class TurnedGraph:
    """All edges, in scratch.

    Attributes
    ----------
    max_neighbours
        The longest row of the symmetric graph.
    """

    job: GraphJob
    bands: tuple[EdgeBand, ...]
    n_edges: int
    max_neighbours: int

    @property
    def key(self) -> str:
        """Key of the graph in obsp."""
        return self.job.plan.key

    @property
    def dtype(self) -> str:
        """Type of cell numbers: uint16 or uint32."""
        return self.job.plan.edges.index_dtype

    def pieces(self, column: EdgeColumn) -> Iterator[npt.NDArray[np.unsignedinteger]]:
        """One column of all edges, in order."""
        return edge_pieces(self.job.scratch, self.bands, self.job.plan.edges, column)


def plan_graph(
    source: Source,
    selection: Selection,
    key: str,
    *,
    task_nbytes: int,
    hold_nbytes: int,
    stored_scratch: bool = False,
) -> GraphPlan:
    """Decide how to turn a graph into edges. Reads the row offsets of the matrix.

    Parameters
    ----------
    task_nbytes, hold_nbytes
        Memory that a task may use, and memory that may be held. If no task fits, the plan is for
        the least that works, which the budget then refuses.
    stored_scratch
        Whether data not held in memory goes to an object store.

    Raises
    ------
    BadInputError
        If the matrix is not square or not numeric.
    """
    reader = source.matrix(f"obsp/{key}")
    info = reader.info
    if np.dtype(info.dtype).kind not in "fiub":
        raise BadInputError(f"obsp/{key} must hold numbers, got {info.dtype}; leave it out with --graph none")
    n_lines = info.shape[1] if info.layout == "csc" else info.shape[0]
    step = max(1, n_lines // _MOST_LINES)
    every = np.arange(0, n_lines, step, dtype=np.int64)
    lines = np.unique(np.concatenate([every, [n_lines], chunk_borders(reader)]))

    def planned(nbytes: int) -> GraphPlan:
        request = EdgeRequest(
            shape=info.shape,
            layout=info.layout,
            value_itemsize=np.dtype(info.dtype).itemsize,
            index_itemsize=info.index_itemsize,
            lines=lines,
            values_before=before,
            read_nbytes=read_nbytes(info, source.catalog) + held + transfer,
            chunk_values=0 if held else info.chunk_values,
            cells=selection.cells,
            task_nbytes=nbytes,
            hold_nbytes=hold_nbytes,
        )
        n_values = round(int(before[-1]) * (selection.n_cells / max(1, info.shape[0])) ** 2)
        return GraphPlan(key, plan_edges(request), n_values, info.layout)

    before = reader.count_before(lines)
    transfer = WRITE_NBYTES + 2 * READ_NBYTES if stored_scratch else 0
    value_nbytes = np.dtype(info.dtype).itemsize + info.index_itemsize
    held = held_values(reader, lines, before) * value_nbytes
    try:
        return planned(task_nbytes)
    except DoesNotFitError as error:
        return planned(error.needed_nbytes)


def graph_tasks(tasks: Tasks, job: GraphJob) -> Task[TurnedGraph]:
    """The lazy `TurnedGraph`."""
    edges, shared = job.plan.edges, tasks.constant(job)
    # Data in this process's memory is lost with it.
    call = tasks.checkpointed if job.scratch.durable else tasks.call
    receipts = [call("graph", _scatter, shared, block) for block in range(edges.n_blocks)]
    index: Task[list[EdgeReceipt]] = tasks.call("graph", list, receipts)
    bands = [call("graph", _gather, shared, index, band) for band in range(edges.n_bands)]
    return tasks.call("graph", _turned, shared, bands)


def _scatter(job: GraphJob, block: int) -> EdgeReceipt:
    return scatter_edges(job.reader, job.plan.edges, block, job.scratch, job.cells)


def _gather(job: GraphJob, receipts: list[EdgeReceipt], band: int) -> EdgeBand:
    return gather_edges(job.scratch, receipts, job.plan.edges, band)


def _turned(job: GraphJob, bands: Sequence[EdgeBand]) -> TurnedGraph:
    turned = TurnedGraph(job, tuple(bands), sum(band.n_edges for band in bands), 0)
    columns: tuple[EdgeColumn, ...] = ("sources", "targets", "loops")
    ends = chain.from_iterable(turned.pieces(column) for column in columns)
    longest = longest_row(job.plan.edges.n_cells, ends)
    return TurnedGraph(job, turned.bands, turned.n_edges, longest)
