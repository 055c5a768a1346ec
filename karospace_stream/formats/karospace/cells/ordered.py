"""Stages of arrays whose cells are in a fair order: each is held once, and written part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.bounds import Bounds, bounds_of
from karospace_stream.derive.order.boxes import boxes
from karospace_stream.derive.order.levels import block_cuts
from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.cells.fair_order import coarse_tile
from karospace_stream.formats.cells.tiles import read_column, read_coords
from karospace_stream.formats.karospace.cells.arrays import ColumnPart, around, stored_values
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.model.blob import Receipt
from karospace_stream.model.selection import EmbeddingChoice

Array = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class OrderWritten:
    """The order of the cells as written.

    Attributes
    ----------
    rows
        The row of each cell.
    boxes
        Boxes of the blocks of cells.
    coarse
        Coarse coordinates of the first embedding.
    """

    rows: tuple[Part, ...]
    boxes: Receipt
    coarse: tuple[Part, ...]

    @property
    def receipts(self) -> list[Receipt]:
        """All files."""
        return [self.boxes, *(part[0] for part in (*self.rows, *self.coarse))]


def write_ordered_column(job: KarospaceJob, number: int) -> list[ColumnPart]:
    """Write all parts of an obs column that holds no text."""
    column, cuts = job.plan.columns[number], job.plan.parts.columns[number]
    tiles = read_column(job.source, job.selection, column.name, 0, job.selection.n_cells)
    values = _ordered(job, (stored_values(tile, column) for tile in tiles))
    parts = []
    for part, (start, stop) in enumerate(pairwise(cuts)):
        key = names.column_array(number, part, job.level is not None)
        bounds = bounds_of(values[start:stop, None]) if column.kind.kind == "number" else None
        parts.append(ColumnPart(_put(job, key, values, start, stop), bounds))
    return parts


def write_ordered_embedding(job: KarospaceJob, number: int, bounds: Bounds) -> list[Part]:
    """Write all parts of an embedding: float32 around the middle of its bounds."""
    points = _points(job, number, bounds)
    gzip = job.level is not None
    return [
        _put(job, names.embedding_array(number, part, gzip), points, *ends)
        for part, ends in enumerate(pairwise(job.plan.parts.embeddings[number]))
    ]


def write_ordered_vectors(job: KarospaceJob, number: int) -> list[Part]:
    """Write all parts of a vector field: float32, in the units of its embedding."""
    chosen = job.plan.vectors[number].choice
    choice = EmbeddingChoice(("obsm", chosen.key), chosen.n_dims, y_down=False)
    tiles = read_coords(job.source, job.selection, choice, 0, job.selection.n_cells)
    vectors = _ordered(job, (tile.astype("float32", copy=False) for tile in tiles))
    gzip = job.level is not None
    return [
        _put(job, names.vector_array(number, part, gzip), vectors, *ends)
        for part, ends in enumerate(pairwise(job.plan.parts.vectors[number]))
    ]


def write_order(job: KarospaceJob, bounds: Bounds) -> OrderWritten:
    """Write the row of each cell, boxes, and coarse coordinates of the first embedding."""
    assert job.plan.order is not None
    gzip, choice = job.level is not None, job.selection.embeddings[0]
    with job.cell_order() as order:
        assert order is not None
        rows = tuple(
            _put(job, names.order_rows(part, gzip), order.rows, *ends)
            for part, ends in enumerate(pairwise(job.plan.parts.order_rows))
        )
    found = boxes(_points(job, 0, bounds), block_cuts(job.plan.order.levels))
    receipt = job.put_packed(names.order_boxes(gzip), [little_endian(found)])
    tiles = read_coords(job.source, job.selection, choice, 0, job.selection.n_cells)
    coarse = _ordered(job, (coarse_tile(tile, bounds) for tile in tiles))
    parts = []
    for part, (start, stop) in enumerate(pairwise(job.plan.parts.coarse)):
        axes = [little_endian(np.ascontiguousarray(axis)) for axis in coarse[start:stop].T]
        parts.append((job.put_packed(names.coarse_array(part, gzip), axes), start, stop))
    return OrderWritten(rows, receipt, tuple(parts))


def _points(job: KarospaceJob, number: int, bounds: Bounds) -> npt.NDArray[np.float32]:
    origin = np.asarray(bounds.middle)
    choice = job.selection.embeddings[number]
    tiles = read_coords(job.source, job.selection, choice, 0, job.selection.n_cells)
    return _ordered(job, (around(tile, origin) for tile in tiles))


def _ordered(job: KarospaceJob, tiles: Iterable[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """All cells in their order, from tiles in the order of the source."""
    with job.cell_order() as order:
        assert order is not None
        found, at = None, 0
        for tile in tiles:
            if found is None:
                found = np.empty((job.selection.n_cells, *tile.shape[1:]), tile.dtype)
            found[order.cells[at : at + len(tile)]] = tile
            at += len(tile)
    assert found is not None
    return found


def _put(job: KarospaceJob, key: str, values: Array, start: int, stop: int) -> Part:
    return job.put_packed(key, [little_endian(values[start:stop])]), start, stop
