"""Genes of a Cellucid export: one file each, float32 or quantised."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.encode.quantise import float32_sparse, quantised_sparse
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.genes.writers import BandWriter
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand
from karospace_stream.model.side_inputs import SideInputs


@dataclass(frozen=True, slots=True)
class GeneWritten:
    """One gene: its position in the export, its file, and, if quantised, its range and bad values.

    ``n_bad`` counts NaN and infinities.
    """

    position: int
    receipt: Receipt
    low: float | None = None
    high: float | None = None
    n_bad: int = 0


@dataclass(frozen=True, slots=True)
class CellucidGenes(BandWriter[GeneWritten]):
    """Writes complete genes into an export."""

    job: CellucidJob

    def write_band(
        self, band: GeneBand, positions: npt.NDArray[np.int64], side: SideInputs
    ) -> list[GeneWritten]:
        """Write complete genes at their positions in exported order; values unchanged, including NaN."""
        with self.job.batch() as job:
            return _write_band(job, band, positions)


def _write_band(job: CellucidJob, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[GeneWritten]:
    values = band.data.astype(np.float32, copy=False)
    bounds = zip(pairwise(band.indptr.tolist()), positions.tolist(), strict=True)
    if job.var.bits is None:
        return [
            _write_float(job, position, band.n_cells, band.rows[begin:end], values[begin:end])
            for (begin, end), position in bounds
        ]
    finite = bool(np.isfinite(values).all())  # looked up once, not for each of thousands of genes
    return [
        _write_codes(job, position, band.n_cells, band.rows[begin:end], values[begin:end], finite)
        for (begin, end), position in bounds
    ]


def _write_float(
    job: CellucidJob,
    position: int,
    n_cells: int,
    rows: npt.NDArray[np.integer],
    values: npt.NDArray[np.float32],
) -> GeneWritten:
    return GeneWritten(position, _put(job, position, float32_sparse(n_cells, rows, values)))


def _write_codes(
    job: CellucidJob,
    position: int,
    n_cells: int,
    rows: npt.NDArray[np.integer],
    values: npt.NDArray[np.float32],
    finite: bool,
) -> GeneWritten:
    bits = job.var.bits
    assert bits is not None
    codes, low, high = quantised_sparse(n_cells, rows, values, bits, finite=finite)
    n_bad = 0 if finite else int(np.count_nonzero(~np.isfinite(values)))
    return GeneWritten(position, _put(job, position, codes), low, high, n_bad)


def _put(job: CellucidJob, position: int, values: npt.NDArray[np.generic]) -> Receipt:
    key, data = job.layout.gene(job.plan.genes[position], job.var.extension), little_endian(values)
    return job.put(key, data.tobytes() if job.level is None else gzip_bytes(data, job.level))
