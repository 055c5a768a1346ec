"""Gather stage: join the fragments of each gene and pass complete genes to every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.job import MatrixJob
from karospace_stream.formats.genes.writers import GeneRange
from karospace_stream.model.matrix import GeneBand, GeneSpans
from karospace_stream.transpose.exact import exact_band
from karospace_stream.transpose.kernels import canonical, exported_cells, merge, positions
from karospace_stream.transpose.scratch import FragmentReceipt

Indices = npt.NDArray[np.int64]
#: Yields the genes of one band up to a position, each part with the positions of its genes.
ReadBand = Callable[[int, int], Iterator[tuple[GeneBand, Indices]]]
#: For each format, its results for each gene, which its last stage needs.
Written = tuple[list[Any], ...]


def gather(
    job: MatrixJob, receipts: list[FragmentReceipt], spans: GeneSpans | None, first: int, stop: int
) -> Written:
    """Join the bands ``first`` to ``stop`` from all fragments, and write their genes."""
    cuts = job.transpose.gene_cuts

    def read(band: int, stop: int) -> Iterator[tuple[GeneBand, Indices]]:
        start = cuts[band]
        pieces = list(job.scratch.read(receipts, band, len(cuts) - 1))
        if stop < cuts[band + 1]:
            pieces = [piece.genes(stop - start) for piece in pieces]
        yield merge(pieces, start, job.selection.n_cells), np.arange(start, stop)

    return _write(job, spans, read, first, stop)


def gather_source(job: MatrixJob, spans: GeneSpans | None, first: int, stop: int) -> Written:
    """Write the genes of the bands ``first`` to ``stop`` of a gene-major source."""
    return _write(job, spans, source_bands(job), first, stop)


def source_bands(job: MatrixJob) -> ReadBand:
    """Read bands of a gene-major source: runs of adjacent genes."""
    cuts, chosen = job.transpose.gene_cuts, job.selection.genes
    order = (
        np.arange(len(chosen)) if job.exact or job.transpose.in_order else np.argsort(chosen, kind="stable")
    )
    position_of = positions(job.selection.cells, job.matrix.info.shape[0])
    dense = job.matrix.info.layout == "dense"

    def read(band: int, stop: int) -> Iterator[tuple[GeneBand, Indices]]:
        here = order[cuts[band] : stop]
        for run in neighbours(chosen[here]):
            genes = chosen[here[run]]
            found = job.matrix.read_genes(int(genes[0]), int(genes[-1]) + 1)
            if position_of is not None:
                found = replace(exported_cells(found, position_of), n_cells=job.selection.n_cells)
            found = canonical(found, job.transpose.value_dtype)
            yield (exact_band(found, dense=dense) if job.exact else found), here[run]

    return read


def _write(job: MatrixJob, spans: GeneSpans | None, read: ReadBand, first: int, stop: int) -> Written:
    cuts = job.transpose.gene_cuts
    with job.side_inputs() as several, ExitStack() as stack:
        ranges = (GeneRange(cuts[first], cuts[stop], spans, side) for side in several)
        opened = [
            stack.enter_context(writer.open(genes)) for writer, genes in zip(job.writers, ranges, strict=True)
        ]
        for band in range(first, stop):
            for part, indices in read(band, cuts[band + 1]):
                for each in opened:
                    each.add(part, indices)
        # Continue into the genes of other tasks until the last chunk of each array is full.
        needed, band = max(each.needed for each in opened), stop
        while band < len(cuts) - 1 and cuts[band] < needed:
            more = [each for each in opened if each.needed > cuts[band]]
            for part, indices in read(band, min(needed, cuts[band + 1])):
                for each in more:
                    each.add(part, indices)
            band += 1
        return tuple(each.written() for each in opened)


def neighbours(genes: npt.NDArray[np.int64]) -> list[slice]:
    """Cut source columns into consecutive ascending runs, each read at once."""
    ends = np.flatnonzero(np.diff(genes) != 1) + 1
    bounds = [0, *ends.tolist(), len(genes)]
    return [slice(a, b) for a, b in pairwise(bounds) if b > a]
