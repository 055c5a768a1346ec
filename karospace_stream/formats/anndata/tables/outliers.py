"""Stage of outlier quantiles in the latent space, for every column shown as categories."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.outliers_v1 import Tile
from karospace_stream.derive.outliers_v2 import latent_quantiles
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import Values, write_rows
from karospace_stream.formats.anndata.arrays.strings import distinct_texts, missing, text_codes
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import ARRAY
from karospace_stream.formats.anndata.layout.identity import OUTLIERS
from karospace_stream.formats.anndata.tables.columns import Reading
from karospace_stream.formats.anndata.tables.embeddings import read_entry
from karospace_stream.formats.anndata.tables.frames import obs_reading
from karospace_stream.model.catalog import ColumnInfo

Codes = npt.NDArray[np.int32]


def has_outliers(info: ColumnInfo) -> bool:
    """Whether a column is shown as categories."""
    return info.kind in ("category", "string", "bool")


def write_outliers(job: AnnDataJob, number: int) -> Written:
    """Write the quantiles of one column; nothing if no category has enough cells.

    Holds the codes, and the memory of `latent_quantiles`.
    """
    info = job.plan.columns[number]
    codes, n_categories = _codes(obs_reading(job, info))
    for part, points in _tiles(job, codes):
        part[~np.isfinite(points).all(axis=1)] = -1  # cells without coordinates are not far from anything
    counts = np.bincount(codes[codes >= 0], minlength=n_categories).astype(np.int64)
    if not (counts >= job.plan.min_points).any():
        return Written((), ())
    assert job.plan.latent is not None
    found = latent_quantiles(
        lambda: _tiles(job, codes), counts, job.plan.latent.n_columns, min_points=job.plan.min_points
    )
    chunks = vector_chunks(len(codes))
    spec = ArraySpec(
        f"{OUTLIERS}/fields/{job.plan.keys.key('obs', info.name)}",
        codes.shape,
        chunks,
        "float32",
        attributes=ARRAY,
    )
    spec = job.chunks.laid(spec)
    step = chunks[0]
    with job.batch() as batch:
        parts = (found.take(codes[at : at + step]) for at in range(0, len(codes), step))
        receipts = write_rows(batch.chunks, spec, parts)
    return Written((spec,), tuple(receipts))


def _codes(column: Reading) -> tuple[Codes, int]:
    """Codes of all cells, -1 where missing, and the number of possible codes."""
    codes = np.empty(column.n_rows, np.int32)
    pieces: Iterator[Values]
    if column.info.kind == "category":
        pieces, n_categories = (tile.values for tile in column.tiles()), len(column.categories().values)
    elif column.info.kind == "bool":
        pieces, n_categories = _bools(column), 2
    else:
        names = distinct_texts(column.tiles, column.n_rows)
        if names is None:  # each cell is a category of its own
            return np.arange(column.n_rows, dtype=np.int32), column.n_rows
        pieces, n_categories = text_codes(column.tiles, names), len(names)
    at = 0
    for piece in pieces:
        codes[at : at + len(piece)] = piece
        at += len(piece)
    return codes, n_categories


def _bools(column: Reading) -> Iterator[Values]:
    for tile in column.tiles():
        yield np.where(missing(tile), -1, tile.values.astype(np.int32))


def _tiles(job: AnnDataJob, codes: Codes) -> Iterator[Tile]:
    assert job.plan.latent is not None
    at = 0
    for points in read_entry(job, job.plan.latent):
        yield codes[at : at + len(points)], points
        at += len(points)
