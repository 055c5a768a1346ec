"""Genes without zeros, each encoded by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.genes import GeneSummary, clean_band, summarise_band
from karospace_stream.encode.sparse_block import block_pieces
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout.genes.packed import GeneBits
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand

_LEVEL = 1  # of genes if nothing else is compressed: a block is a gzip member in any case


@dataclass(frozen=True, slots=True)
class GenePacked:
    """One gene as written.

    Attributes
    ----------
    low, high
        Values of the lowest and the highest code; both 0 for float32.
    shard
        Of the last gene of a shard: the object.
    """

    position: int
    n_values: int
    n_bytes: int
    low: float
    high: float
    summary: GeneSummary
    shard: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One gene as it is written; ``pieces`` can be read once."""

    position: int
    n_values: int
    low: float
    high: float
    summary: GeneSummary
    pieces: Iterator[bytes]


def blocks_of(job: KarospaceJob, band: GeneBand, positions: npt.NDArray[np.int64]) -> Iterator[Block]:
    """Encode complete genes at their positions in exported order."""
    bits, level = job.plan.gene_bits, job.level or _LEVEL
    stored, *faults = clean_band(band.data.astype(np.float32, copy=False), band.indptr, band.n_cells)
    summaries = summarise_band(stored, band.indptr, band.n_cells, *faults)
    genes = zip(pairwise(band.indptr.tolist()), positions.tolist(), summaries, strict=True)
    with job.cell_order() as order:
        for (begin, end), position, summary in genes:
            rows, values = _some(band.rows[begin:end], stored[begin:end])
            if order is not None:
                rows, values = order.moved(rows, values)
            codes, low, high = _coded(values, bits)
            yield Block(position, len(values), low, high, summary, block_pieces(rows, codes, level))


Some = tuple[npt.NDArray[np.integer], npt.NDArray[np.float32]]


def _some(rows: npt.NDArray[np.integer], values: npt.NDArray[np.float32]) -> Some:
    """Without zeros, which the source may store, and which NaN became."""
    there = values != 0
    return (rows, values) if there.all() else (rows[there], values[there])


def _coded(values: npt.NDArray[np.float32], bits: GeneBits) -> tuple[npt.NDArray[np.generic], float, float]:
    """The values as they are stored, and the values of the lowest and the highest code."""
    if bits == 32:
        return values, 0.0, 0.0
    if not len(values):
        return values.astype(np.uint16 if bits == 16 else np.uint8), 0.0, 0.0
    low, high, top = float(values.min()), float(values.max()), (1 << bits) - 1
    scaled = values.astype(np.float64)
    scaled -= low
    scaled *= top / (high - low) if high > low else 0.0
    np.rint(scaled, out=scaled)
    return scaled.astype(np.uint16 if bits == 16 else np.uint8), low, high
