"""Stage of obsm: embeddings and vector fields in float32, otherwise unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.entries import Entry
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, row_chunks
from karospace_stream.formats.anndata.layout.groups import ARRAY
from karospace_stream.formats.cells.tiles import read_coords


def write_entry(job: AnnDataJob, number: int) -> Written:
    """Write one entry of obsm, every column of it."""
    entry = job.plan.entries[number]
    shape = (job.selection.n_cells, entry.n_columns)
    spec = job.chunks.laid(
        ArraySpec(
            job.plan.keys.path("obsm", entry.key), shape, row_chunks(shape), "float32", attributes=ARRAY
        )
    )
    with job.batch() as batch:
        receipts = write_rows(batch.chunks, spec, read_entry(job, entry))
    return Written((spec,), tuple(receipts))


def read_entry(job: AnnDataJob, entry: Entry) -> Iterator[npt.NDArray[np.float32]]:
    """Yield an entry in float32, tile by tile; NaN and infinities unchanged.

    Raises
    ------
    BadInputError
        If a finite number is too large for float32.
    """
    at = 0
    for tile in read_coords(job.source, job.selection, entry.choice, 0, job.selection.n_cells):
        with np.errstate(over="ignore"):
            values = np.ascontiguousarray(tile, np.float32)
        beyond = np.isinf(values) & np.isfinite(tile)
        if beyond.any():
            row, column = np.argwhere(beyond)[0].tolist()
            raise BadInputError(
                f"obsm[{entry.key!r}] must hold numbers that fit float32, but exported cell "
                f"{at + row:,} has {tile[row, column]:g} in column {column}; correct it, or leave the entry "
                f"out with --leave-out obsm:{entry.key}"
            )
        yield values
        at += len(values)
