"""Decide how to turn a square matrix into edges, by arithmetic on its ``indptr``.

Sizes of tasks are upper bounds. The number of entries in a band is only a guess, as the columns have
not been read yet; a band that turns out too long is gathered in steps (`edge_steps`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.transpose.cuts import cut_lines
from karospace_stream.transpose.edges.kernels import MAX_CELLS
from karospace_stream.transpose.plan import DoesNotFitError

_READ_SLACK = 12 << 20  # besides the data read: a ranged read, small chunks, lists, receipts
_FEWEST_ENTRIES = 1 << 16  # below this a task is not worth its calls
_MOST_ENTRIES = 1 << 20  # above this a task only needs more memory
_MOST_BANDS = 4096
_MOST_PIECES = 1 << 21  # of all blocks in all bands; every gather task receives the length of each
_MOST_DENSE_BANDS = 64  # most of a dense matrix may be zeros
_GUESS = 0.7  # share of a step that a band is meant to fill
_KEY = 8


@dataclass(frozen=True, slots=True)
class EdgeRequest:
    """The inputs of the plan.

    Attributes
    ----------
    shape, layout
        Of the matrix; lines are its rows, or its columns if it is CSC.
    value_itemsize, index_itemsize
        Bytes of one stored value and index (index 0 if dense).
    lines, values_before
        Positions where it may be cut (from 0 to the end) and the stored values before each; int64.
    read_nbytes
        Bytes that reading takes besides the result.
    chunk_values
        Values that cannot be read without each other.
    cells
        Source rows that are exported, sorted; None for all.
    task_nbytes
        Bytes that one task may take.
    hold_nbytes
        Bytes that may be held from the first task to the last; 0 if workers do not share memory.
    """

    shape: tuple[int, int]
    layout: str
    value_itemsize: int
    index_itemsize: int
    lines: npt.NDArray[np.int64]
    values_before: npt.NDArray[np.int64]
    read_nbytes: int
    chunk_values: int
    cells: npt.NDArray[np.int64] | None
    task_nbytes: int
    hold_nbytes: int


@dataclass(frozen=True, slots=True)
class EdgePlan:
    """How the graph is turned.

    Attributes
    ----------
    n_cells
        Exported cells.
    line_cuts
        Lines of the source where blocks begin, and the end.
    cell_cuts
        Exported cells where bands begin, and the end.
    step_entries
        Most entries that are sorted at a time, and most edges in a piece.
    index_dtype
        ``"uint16"`` for up to 65,535 cells, then ``"uint32"``.
    in_memory
        Whether entries and edges stay in memory.
    scatter_nbytes, gather_nbytes
        Most that one task takes.
    count_nbytes
        Bytes that finding the longest row takes.
    resident_nbytes, scratch_nbytes
        Most that is held in memory, or written to scratch, between the stages.
    """

    n_cells: int
    line_cuts: tuple[int, ...]
    cell_cuts: tuple[int, ...]
    step_entries: int
    index_dtype: str
    in_memory: bool
    scatter_nbytes: int
    gather_nbytes: int
    count_nbytes: int
    resident_nbytes: int
    scratch_nbytes: int

    @property
    def n_blocks(self) -> int:
        """Scatter tasks."""
        return len(self.line_cuts) - 1

    @property
    def n_bands(self) -> int:
        """Gather tasks."""
        return len(self.cell_cuts) - 1


def plan_edges(request: EdgeRequest) -> EdgePlan:
    """Cut rows and cells so that every task stays within its share.

    Raises
    ------
    DoesNotFitError
        If no cut does: says how much one task needs at least.
    BadInputError
        If the matrix is not square, or too wide for its keys.
    """
    n_source = check_square(request.shape)
    n_cells = n_source if request.cells is None else len(request.cells)
    index = "uint16" if n_cells <= 65_535 else "uint32"
    fixed = _READ_SLACK + request.read_nbytes
    per_scattered = _scatter_cost(request)
    positions = 0 if request.cells is None else 4 * (n_source + n_cells)
    longest = int(np.diff(request.values_before).max(initial=0))
    most = max(_FEWEST_ENTRIES, longest)
    needed = max(
        fixed + positions + per_scattered * most,
        fixed + _gather_cost(request, _FEWEST_ENTRIES, most),
        count_cost(n_cells, _FEWEST_ENTRIES),
    )
    if needed > request.task_nbytes:
        raise DoesNotFitError("graph", needed)
    fitting = (request.task_nbytes - fixed - positions) // per_scattered
    block = max(most, min(_MOST_ENTRIES, fitting), min(request.chunk_values, fitting))
    line_cuts = cut_lines(request.lines, request.values_before, block, n_source)
    largest = _largest(request, line_cuts)
    step = _FEWEST_ENTRIES
    while step < _MOST_ENTRIES and _fits(request, n_cells, fixed, 2 * step, largest):
        step *= 2
    while not _fits(request, n_cells, fixed, step, largest):
        step //= 2
    stored = int(request.values_before[-1])
    resident = (_KEY + request.value_itemsize + 2 * np.dtype(index).itemsize) * stored
    in_memory = resident <= request.hold_nbytes
    cell_cuts = _cut_cells(request, n_cells, step, len(line_cuts) - 1)
    frames = (len(line_cuts) * len(cell_cuts) * 2 + 3 * len(cell_cuts)) * (16 + 8)
    return EdgePlan(
        n_cells=n_cells,
        line_cuts=line_cuts,
        cell_cuts=cell_cuts,
        step_entries=step,
        index_dtype=index,
        in_memory=in_memory,
        scatter_nbytes=fixed + positions + per_scattered * largest,
        gather_nbytes=fixed + _gather_cost(request, step, largest),
        count_nbytes=count_cost(n_cells, step),
        resident_nbytes=resident if in_memory else 0,
        scratch_nbytes=0 if in_memory else resident + frames,
    )


def check_square(shape: tuple[int, int]) -> int:
    """The number of cells of a graph; raises BadInputError if the matrix is no graph."""
    if shape[0] != shape[1]:
        raise BadInputError(
            f"a neighbour graph must be cells x cells, got {shape[0]:,} x {shape[1]:,}; give a square "
            "one, or leave it out"
        )
    if shape[0] > MAX_CELLS:
        raise BadInputError(f"a graph must have at most {MAX_CELLS:,} cells, got {shape[0]:,}")
    return shape[0]


def count_cost(n_cells: int, step_entries: int) -> int:
    """Bytes that `derive.edges.longest_row` takes, and the pieces that it reads."""
    return 4 * n_cells + (4 + 4 + 8) * step_entries + (1 << 20)


def _scatter_cost(request: EdgeRequest) -> int:
    """Bytes for each stored value of a block: the data read, and the arrays made from them."""
    item = max(4, request.value_itemsize)
    index = 8 if request.layout == "dense" else max(4, request.index_itemsize)
    read = item + index + (index if request.layout != "dense" else 0)  # read narrow, held as int32
    # Lines and ends (and once more without dropped entries), bands, keys in both orders.
    return read + item + 4 * index + 2 + 8 + 3 * _KEY + item


def _gather_cost(request: EdgeRequest, step: int, block: int) -> int:
    """Bytes for a step in both orders, and for the largest piece of a block, packed and unpacked."""
    item = max(4, request.value_itemsize)
    sorting = _KEY + item + 8 + _KEY + item + 1
    runs = 8 + _KEY + item + 2 + _KEY + 2 * (4 + 4)
    return (sorting + runs) * step + (2 * (_KEY + item) + _KEY + item + 3) * block


def _fits(request: EdgeRequest, n_cells: int, fixed: int, step: int, largest: int) -> bool:
    if step <= 1:
        return True
    needed = max(fixed + _gather_cost(request, step, largest), count_cost(n_cells, step))
    return needed <= request.task_nbytes


def _largest(request: EdgeRequest, cuts: tuple[int, ...]) -> int:
    at = np.searchsorted(request.lines, np.asarray(cuts))
    return int(np.diff(request.values_before[at]).max(initial=0))


def _cut_cells(request: EdgeRequest, n_cells: int, step: int, n_blocks: int) -> tuple[int, ...]:
    """Bands of about equal numbers of entries.

    An entry belongs to the band of its lower cell. If a cell's neighbours are anywhere, that is
    nearly always the cell itself for the first cells, and nearly never for the last.
    """
    counts = np.diff(request.values_before).astype(np.float64)
    middle = (request.lines[:-1] + request.lines[1:]) / 2
    guessed = np.cumsum(counts * np.maximum(1.0, 2 * (1 - middle / max(1, request.shape[0]))))
    total = float(guessed[-1]) if len(guessed) else 0.0
    most_bands = _MOST_DENSE_BANDS if request.layout == "dense" else _MOST_BANDS
    most_bands = min(most_bands, _MOST_PIECES // max(1, n_blocks))
    n_bands = max(1, min(most_bands, int(total / (_GUESS * step)) + 1, n_cells))
    at = np.searchsorted(guessed, total * np.arange(1, n_bands) / n_bands) + 1
    cuts = request.lines[np.minimum(at, len(request.lines) - 1)]
    if request.cells is not None:
        cuts = np.searchsorted(request.cells, cuts)
    inner = np.unique(cuts)
    return (0, *inner[(inner > 0) & (inner < n_cells)].tolist(), n_cells)
