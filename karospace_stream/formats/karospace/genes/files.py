"""Genes of a KaroSpace bundle: float32, in parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.genes import GeneSummary, clean_band, summarise_band
from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.formats.genes.writers import BandWriter
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand
from karospace_stream.model.side_inputs import SideInputs


@dataclass(frozen=True, slots=True)
class GeneWritten:
    """One gene: its position in the export, its parts, and its summary."""

    position: int
    parts: tuple[Receipt, ...]
    summary: GeneSummary


@dataclass(frozen=True, slots=True)
class KarospaceGenes(BandWriter[GeneWritten]):
    """Writes complete genes into a bundle."""

    job: KarospaceJob

    def write_band(
        self, band: GeneBand, positions: npt.NDArray[np.int64], side: SideInputs
    ) -> list[GeneWritten]:
        """Write complete genes, one after another, at their positions in exported order.

        The one dense gene stays in the processor's cache from the first zero to the last compressed
        byte; a dense band would go through main memory three times.
        """
        with self.job.batch() as job:
            return _write_band(job, band, positions)


def _write_band(job: KarospaceJob, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[GeneWritten]:
    dense = np.empty(band.n_cells, dtype=np.float32)
    stored, *faults = clean_band(band.data.astype(np.float32, copy=False), band.indptr, band.n_cells)
    summaries = summarise_band(stored, band.indptr, band.n_cells, *faults)
    written = []
    for (begin, end), position, summary in zip(
        pairwise(band.indptr.tolist()), positions.tolist(), summaries, strict=True
    ):
        dense.fill(0)
        dense[band.rows[begin:end]] = stored[begin:end]
        written.append(GeneWritten(position, _write_gene(job, position, dense), summary))
    return written


def _write_gene(job: KarospaceJob, position: int, values: npt.NDArray[np.float32]) -> tuple[Receipt, ...]:
    receipts = []
    for part, (start, stop) in enumerate(pairwise(job.plan.parts.expression)):
        key = names.expression(position, part, job.level is not None)
        data = little_endian(values[start:stop])
        if job.level is None:
            receipts.append(job.put(key, data.tobytes()))
        else:
            receipts.append(job.put(key, gzip_bytes(data, job.level), names.GZIP))
    return tuple(receipts)
