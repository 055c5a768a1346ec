"""Counting stage: sums of all genes over batches of the exported cells, tile by tile."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.measures.variable.batch_sums import (
    BatchSums,
    Codes,
    Terms,
    add_rows,
    gene_sums,
    tree_sum,
)
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader
from karospace_stream.pipeline.counting.means import gene_bounds
from karospace_stream.plan.row_blocks import plain_block, read_block
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.transpose.kernels import positions


@dataclass(frozen=True, slots=True)
class BatchPass:
    """Input of each task of the stage.

    Attributes
    ----------
    cells
        Source rows of the exported cells; None for all.
    codes
        The batch of each exported cell, -1 for none.
    cuts
        Rows at which blocks end.
    """

    matrix: MatrixReader
    cells: npt.NDArray[np.int64] | None
    codes: Codes
    n_batches: int
    terms: Terms
    cuts: tuple[int, ...]


def batch_tasks(
    tasks: Tasks,
    matrix: MatrixReader,
    selection: Selection,
    plan: TransposePlan,
    codes: Codes,
    n_batches: int,
    terms: Terms,
) -> Task[BatchSums]:
    """The lazy sums of all genes.

    They are formed value after value within a tile, and tiles are added up two by two, so that the sums
    depend neither on blocks nor on workers, and no more than a few of them are there at once.
    """
    job = BatchPass(matrix, selection.cells, codes, n_batches, terms, plan.row_cuts)
    shared, lazy = tasks.constant(job), matrix.lazy()
    n_rows, n_genes = matrix.info.shape
    if matrix.info.gene_major:
        bounds = gene_bounds(matrix, max(plan.gather_nbytes, plan.scatter_nbytes))
        parts = [tasks.call("variable", _gene_part, shared, *pair) for pair in bounds]
        return tasks.call("variable", _joined, parts, n_batches)
    if lazy is not None:
        blocks = lazy.rechunk((lazy.chunks[0], (n_genes,)))
        heights = (0, *np.cumsum(lazy.chunks[0]).tolist())
        several = tasks.over_blocks("variable", partial(_lazy_block, cuts=heights), blocks, shared)
    else:
        starts = range(0, n_rows, TILE)
        several = [tasks.call("variable", _tile, shared, a, min(a + TILE, n_rows)) for a in starts]
    if not several:
        return tasks.constant(BatchSums.zeros(n_batches, n_genes))
    return tree_sum(several, lambda one, other: tasks.call("variable", BatchSums.add, one, other))


def _tile(job: BatchPass, start: int, stop: int) -> BatchSums:
    sums = BatchSums.zeros(job.n_batches, job.matrix.info.shape[1])
    bounds = [start, *(cut for cut in job.cuts if start < cut < stop), stop]
    for first, end in itertools.pairwise(bounds):
        _add_block(sums, job, read_block(job.matrix, first, end), first, end)
    return sums


def _lazy_block(block: Any, number: int, job: BatchPass, *, cuts: tuple[int, ...]) -> BatchSums:
    sums = BatchSums.zeros(job.n_batches, block.shape[1])
    _add_block(sums, job, plain_block(block, "X"), cuts[number], cuts[number + 1])
    return sums


def _add_block(sums: BatchSums, job: BatchPass, block: Any, start: int, stop: int) -> None:
    first, end = start, stop
    if job.cells is not None:
        first, end = np.searchsorted(job.cells, (start, stop)).tolist()
        block = block[job.cells[first:end] - start]
    add_rows(sums, block, job.codes[first:end], job.terms)


@dataclass(frozen=True, slots=True)
class _OfGene:
    """The terms of one gene among all."""

    terms: Terms
    gene: int
    n_genes: int

    def of(self, values: npt.NDArray[Any], at: npt.NDArray[np.integer]) -> Any:
        return self.terms.of(values, at * self.n_genes + self.gene)


def _gene_part(job: BatchPass, start: int, stop: int) -> BatchSums:
    n_rows, n_genes = job.matrix.info.shape
    band = job.matrix.read_genes(start, stop)
    exported = positions(job.cells, n_rows)
    shape = (-(-n_rows // TILE), job.n_batches)
    several = []
    for gene, (begin, end) in enumerate(itertools.pairwise(band.indptr.tolist()), start):
        rows, values = band.rows[begin:end], band.data[begin:end]
        if exported is not None:
            there = exported[rows] >= 0
            rows, values = rows[there], values[there]
        codes = job.codes[rows if exported is None else exported[rows]]
        several.append(gene_sums(rows // TILE, values, codes, shape, _OfGene(job.terms, gene, n_genes)))
    return BatchSums.joined(several)


def _joined(parts: list[BatchSums], n_batches: int) -> BatchSums:
    return BatchSums.joined(parts) if parts else BatchSums.zeros(n_batches, 0)
