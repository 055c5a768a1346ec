"""Stages of the matrix: scatter row blocks, gather whole genes, and hand them to every format."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.convert.blocks import plain_block, read_stored
from karospace_stream.convert.job import MatrixJob
from karospace_stream.model.matrix import GeneBand
from karospace_stream.transpose.kernels import canonical, exported_cells, merge, turn, turn_dense
from karospace_stream.transpose.scratch import FragmentReceipt


def scatter_stored(job: MatrixJob, number: int) -> FragmentReceipt:
    """Read one block of rows of a matrix that is stored, and `scatter` it."""
    return scatter(read_stored(job.matrix, *job.transpose.row_cuts[number : number + 2]), number, job)


def scatter(block: Any, number: int, job: MatrixJob) -> FragmentReceipt:
    """Turn one block of rows, and keep it cut into gene bands."""
    start, stop = job.transpose.row_cuts[number : number + 2]
    chosen = job.selection
    first_cell, keep = start, None
    if chosen.cells is not None:
        first_cell, behind = np.searchsorted(chosen.cells, (start, stop)).tolist()
        keep = chosen.cells[first_cell:behind] - start
    block = plain_block(block, job.matrix.info.name)
    kernel = turn_dense if isinstance(block, np.ndarray) else turn
    fragment = kernel(block, first_cell=first_cell, keep=keep, genes=some_genes(job))
    return job.scratch.write(number, fragment, job.transpose.gene_cuts)


def some_genes(job: MatrixJob) -> npt.NDArray[np.int64] | None:
    """Source columns in exported order; None where that is all of them in their own order."""
    genes = job.selection.genes
    n_genes = job.matrix.info.shape[1]
    return None if len(genes) == n_genes and np.array_equal(genes, np.arange(n_genes)) else genes


#: For each format, what it needs to know of each gene in the end.
Written = tuple[list[Any], ...]


def gather(job: MatrixJob, receipts: list[FragmentReceipt], first: int, behind: int) -> Written:
    """Put the bands ``first`` to ``behind`` together from all fragments, and write their genes."""
    cuts = job.transpose.gene_cuts
    written: Written = tuple([] for _ in job.writers)
    for band in range(first, behind):
        pieces = list(job.scratch.read(receipts, band, len(cuts) - 1))
        genes = merge(pieces, cuts[band], job.selection.n_cells)
        del pieces
        _write(job, genes, np.arange(cuts[band], cuts[band + 1]), written)
    return written


def gather_source(job: MatrixJob, first: int, behind: int) -> Written:
    """Write the genes of the bands ``first`` to ``behind`` of a source that is gene-major already."""
    cuts = job.transpose.gene_cuts
    order = np.argsort(job.selection.genes, kind="stable")
    position_of = positions(job.selection.cells, job.matrix.info.shape[0])
    written: Written = tuple([] for _ in job.writers)
    for band in range(first, behind):
        here = order[cuts[band] : cuts[band + 1]]
        for run in neighbours(job.selection.genes[here]):
            genes = job.selection.genes[here[run]]
            read = job.matrix.read_genes(int(genes[0]), int(genes[-1]) + 1)
            if position_of is not None:
                read = replace(exported_cells(read, position_of), n_cells=job.selection.n_cells)
            _write(job, canonical(read), here[run], written)
    return written


def _write(job: MatrixJob, band: GeneBand, places: npt.NDArray[np.int64], written: Written) -> None:
    for writer, known in zip(job.writers, written, strict=True):
        known += writer.write_band(band, places)


def positions(cells: npt.NDArray[np.int64] | None, n_rows: int) -> npt.NDArray[np.int64] | None:
    """Exported number of every source row, -1 where it is left out; None where none is."""
    if cells is None:
        return None
    where = np.full(n_rows, -1, dtype=np.int64)
    where[cells] = np.arange(len(cells))
    return where


def neighbours(sorted_genes: npt.NDArray[np.int64]) -> list[slice]:
    """Cut sorted source columns into runs without gaps, each read at once."""
    ends = np.flatnonzero(np.diff(sorted_genes) != 1) + 1
    bounds = [0, *ends.tolist(), len(sorted_genes)]
    return [slice(a, b) for a, b in pairwise(bounds) if b > a]
