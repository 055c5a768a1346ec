"""Stages of the matrix: scatter row blocks, gather whole genes, write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.convert.blocks import plain_block
from karospace_stream.convert.job import Job
from karospace_stream.derive.genes import GeneSummary, clean_band, summarise_band
from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.formats.karospace import names
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand
from karospace_stream.transpose.kernels import canonical, exported_cells, merge, turn, turn_dense
from karospace_stream.transpose.scratch import FragmentReceipt


@dataclass(frozen=True, slots=True)
class GeneWritten:
    """One gene: where in the export, its parts, and its summary."""

    position: int
    parts: tuple[Receipt, ...]
    summary: GeneSummary


def scatter(block: Any, number: int, job: Job) -> FragmentReceipt:
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


def some_genes(job: Job) -> npt.NDArray[np.int64] | None:
    """Source columns in exported order; None where that is all of them in their own order."""
    genes = job.selection.genes
    n_genes = job.matrix.info.shape[1]
    return None if len(genes) == n_genes and np.array_equal(genes, np.arange(n_genes)) else genes


def gather(job: Job, receipts: list[FragmentReceipt], first: int, behind: int) -> list[GeneWritten]:
    """Put the bands ``first`` to ``behind`` together from all fragments, and write their genes."""
    cuts = job.transpose.gene_cuts
    n_cells = job.selection.n_cells
    written = []
    for band in range(first, behind):
        pieces = list(job.scratch.read(receipts, band, len(cuts) - 1))
        genes = merge(pieces, cuts[band], n_cells)
        del pieces
        written += write_band(job, genes, np.arange(cuts[band], cuts[band + 1]))
    return written


def gather_source(job: Job, first: int, behind: int) -> list[GeneWritten]:
    """Write the genes of the bands ``first`` to ``behind`` of a source that is gene-major already."""
    cuts = job.transpose.gene_cuts
    order = np.argsort(job.selection.genes, kind="stable")
    position_of = positions(job.selection.cells, job.matrix.info.shape[0])
    written = []
    for band in range(first, behind):
        here = order[cuts[band] : cuts[band + 1]]
        for run in neighbours(job.selection.genes[here]):
            genes = job.selection.genes[here[run]]
            read = job.matrix.read_genes(int(genes[0]), int(genes[-1]) + 1)
            if position_of is not None:
                read = replace(exported_cells(read, position_of), n_cells=job.selection.n_cells)
            written += write_band(job, canonical(read), here[run])
    return written


def write_band(job: Job, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[GeneWritten]:
    """Write whole genes, one after another, at their places in the exported order.

    The one dense gene stays in the processor's cache from the first zero to the last compressed
    byte; a dense band would go through main memory three times.
    """
    n_cells = job.selection.n_cells
    dense = np.empty(n_cells, dtype=np.float32)
    stored, *faults = clean_band(band.data.astype(np.float32, copy=False), band.indptr, n_cells)
    summaries = summarise_band(stored, band.indptr, n_cells, *faults)
    written = []
    for (begin, end), position, summary in zip(
        pairwise(band.indptr.tolist()), positions.tolist(), summaries, strict=True
    ):
        dense.fill(0)
        dense[band.rows[begin:end]] = stored[begin:end]
        written.append(GeneWritten(position, write_gene(job, position, dense), summary))
    return written


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


def write_gene(job: Job, position: int, values: npt.NDArray[np.float32]) -> tuple[Receipt, ...]:
    """Write one gene, float32 ``(n_cells,)``, in parts."""
    receipts = []
    for part, (start, stop) in enumerate(pairwise(job.parts.expression)):
        key = names.expression(position, part, job.level is not None)
        data = little_endian(values[start:stop])
        if job.level is None:
            receipts.append(job.put(key, data.tobytes()))
        else:
            receipts.append(job.put(key, gzip_bytes(data, job.level), names.GZIP))
    return tuple(receipts)
