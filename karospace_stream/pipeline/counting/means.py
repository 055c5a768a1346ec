"""Counting stage: means of all genes over the exported cells, for exports that choose genes by mean."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.derive.genes import add_row_sums
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.row_blocks import plain_block, read_block
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.transpose.kernels import positions

_SLICE = 1 << 18  # values of one gene at a time, so that temporaries stay small


def count_means(plan: ExportPlan, listener: Listener) -> npt.NDArray[np.float64]:
    """The means of all genes over the exported cells; values that are no finite numbers count as 0."""
    sums = _count(plan, listener)
    means: npt.NDArray[np.float64] = sums[0] / max(1, plan.selection.n_cells)
    return means


def count_known_means(plan: ExportPlan, listener: Listener) -> npt.NDArray[np.float64]:
    """The means over the cells with a finite number; NaN without any."""
    sums = _count(plan, listener)
    with np.errstate(divide="ignore", invalid="ignore"):
        means: npt.NDArray[np.float64] = sums[0] / (plan.selection.n_cells - sums[1])
    return means


def _count(plan: ExportPlan, listener: Listener) -> npt.NDArray[np.float64]:
    sums: npt.NDArray[np.float64] = run(
        sum_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose),
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        required_paths=required_paths(plan.source),
    )
    return sums


@dataclass(frozen=True, slots=True)
class Counting:
    """Input of each task of the counting stage."""

    matrix: MatrixReader
    cells: npt.NDArray[np.int64] | None
    cuts: tuple[int, ...]


def sum_tasks(
    tasks: Tasks, matrix: MatrixReader, selection: Selection, plan: TransposePlan
) -> Task[npt.NDArray[np.float64]]:
    """The lazy sums of all genes, and how many of their values are no finite numbers: ``(2, n_genes)``.

    Sums are formed tile by tile, and row by row within a tile, so that they depend
    neither on the blocks that the budget allows nor on the strategy.
    """
    counting = tasks.constant(Counting(matrix, selection.cells, plan.row_cuts))
    n_rows, n_genes = matrix.info.shape
    lazy = matrix.lazy()
    if matrix.info.gene_major:
        bounds = gene_bounds(matrix, max(plan.gather_nbytes, plan.scatter_nbytes))
        sums = [tasks.call("means", _gene_sums, counting, *pair) for pair in bounds]
    elif lazy is not None:
        blocks = lazy.rechunk((lazy.chunks[0], (n_genes,)))
        heights = (0, *np.cumsum(lazy.chunks[0]).tolist())
        sums = tasks.over_blocks("means", partial(_block_sums, cells=selection.cells, cuts=heights), blocks)
    else:
        starts = range(0, n_rows, TILE)
        sums = [tasks.call("means", _tile_sums, counting, a, min(a + TILE, n_rows)) for a in starts]
    return tasks.call("means", _total, sums, n_genes)


def _tile_sums(counting: Counting, start: int, stop: int) -> npt.NDArray[np.float64]:
    sums = np.zeros((2, counting.matrix.info.shape[1]))
    inner = [cut for cut in counting.cuts if start < cut < stop]
    bounds = [start, *inner, stop]
    for first, end in itertools.pairwise(bounds):
        _add_block(sums, read_block(counting.matrix, first, end), first, end, counting.cells)
    return sums


def _block_sums(
    block: Any, number: int, *, cells: npt.NDArray[np.int64] | None, cuts: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    sums = np.zeros((2, block.shape[1]))
    _add_block(sums, plain_block(block, "X"), cuts[number], cuts[number + 1], cells)
    return sums


def _add_block(
    sums: npt.NDArray[np.float64],
    block: sparse.csr_matrix | npt.NDArray[np.generic],
    start: int,
    stop: int,
    cells: npt.NDArray[np.int64] | None,
) -> None:
    if cells is not None:
        first, end = np.searchsorted(cells, (start, stop))
        block = block[cells[first:end] - start]
    if isinstance(block, np.ndarray):
        genes = np.arange(block.shape[1])
        for row in block:
            add_row_sums(sums[0], genes, row, sums[1])
    else:
        add_row_sums(sums[0], block.indices, block.data, sums[1])


def gene_bounds(matrix: MatrixReader, task_nbytes: int) -> list[tuple[int, int]]:
    """Ranges of source genes that a task can read."""
    n_rows, n_genes = matrix.info.shape
    item = matrix.info.stored_itemsize
    if matrix.info.layout == "csc":
        before, per_value = matrix.count_before(np.arange(n_genes + 1)), item + matrix.info.index_itemsize
    else:
        before, per_value = np.arange(n_genes + 1) * n_rows, 2 * item + 4
    most = max(1, task_nbytes // (2 * per_value))
    cuts = [0]
    while cuts[-1] < n_genes:
        stop = int(np.searchsorted(before, before[cuts[-1]] + most, side="right")) - 1
        cuts.append(min(max(stop, cuts[-1] + 1), n_genes))
    return list(itertools.pairwise(cuts))


def _gene_sums(counting: Counting, start: int, stop: int) -> npt.NDArray[np.float64]:
    n_rows, n_genes = counting.matrix.info.shape
    band = counting.matrix.read_genes(start, stop)
    exported = positions(counting.cells, n_rows)
    sums = np.zeros((2, n_genes))
    for column, (begin, end) in enumerate(itertools.pairwise(band.indptr.tolist())):
        tiles = np.zeros((2, -(-n_rows // TILE)))
        for first in range(begin, end, _SLICE):
            part = slice(first, min(first + _SLICE, end))
            rows, values = band.rows[part], band.data[part]
            if exported is not None:
                checkpointed = exported[rows] >= 0
                rows, values = rows[checkpointed], values[checkpointed]
            add_row_sums(tiles[0], rows // TILE, values, tiles[1])
        for each in tiles.T:
            sums[:, start + column] += each
    return sums


def _total(sums: list[npt.NDArray[np.float64]], n_genes: int) -> npt.NDArray[np.float64]:
    total = np.zeros((2, n_genes))
    for each in sums:
        total += each
    return total
