"""Stages of the stream layer's arrays: columns, cell names, embeddings, vector fields."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.bounds import Bounds, bounds_of, join_bounds
from karospace_stream.encode.arrays import array_values, little_endian, string_pieces
from karospace_stream.encode.image import draw_cells, preview_mask, preview_png
from karospace_stream.formats.cells.bounds import coords_bounds
from karospace_stream.formats.cells.tiles import read_column, read_coords, read_names
from karospace_stream.formats.columns.codes import codes_of
from karospace_stream.formats.karospace.choices.columns import ResolvedColumn
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.model.blob import Receipt
from karospace_stream.model.column import Column
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.without_coordinates import none_with_coordinates


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One part of a column, and its bounds if it is numeric."""

    part: Part
    bounds: Bounds | None


def write_column(job: KarospaceJob, number: int, part: int) -> ColumnPart:
    """Write one part of one obs column as an array."""
    start, stop = job.plan.parts.columns[number][part : part + 2]
    column = job.plan.columns[number]
    key = names.column_array(number, part, job.level is not None)
    tiles = read_column(job.source, job.selection, column.name, start, stop)
    if column.kind.kind == "string":
        pieces = string_pieces(map(_texts, tiles))
        return ColumnPart((job.put_packed(key, pieces), start, stop), None)
    values = [stored_values(tile, column) for tile in tiles]
    bounds = None
    if column.kind.kind == "number":
        bounds = join_bounds([_EMPTY, *(bounds_of(tile[:, None]) for tile in values)])
    return ColumnPart((job.put_packed(key, [little_endian(tile) for tile in values]), start, stop), bounds)


def write_cell_ids(job: KarospaceJob, part: int) -> Part:
    """Write one part of the cell names."""
    start, stop = job.plan.parts.cell_ids[part : part + 2]
    cells = read_names(job.source, job.selection, start, stop)
    key = names.cell_ids(part, job.level is not None)
    return job.put_packed(key, string_pieces((tile, None) for tile in cells)), start, stop


def embedding_bounds(job: KarospaceJob, number: int) -> Bounds:
    """Bounds of one embedding over all exported cells.

    Raises
    ------
    BadInputError
        If no cell has coordinates in the first embedding, which a plan does not look for in large files that
        are read over the network.
    """
    choice = job.selection.embeddings[number]
    bounds = coords_bounds(job.source, job.selection, choice)
    if number == 0 and bounds.minimum[0] > bounds.maximum[0]:
        raise none_with_coordinates(job.source.catalog, choice)
    return bounds


def write_embedding(job: KarospaceJob, number: int, part: int, bounds: Bounds) -> Part:
    """Write one part of an embedding: float32 around the middle of its bounds."""
    start, stop = job.plan.parts.embeddings[number][part : part + 2]
    choice = job.selection.embeddings[number]
    origin = np.asarray(bounds.middle)
    tiles = read_coords(job.source, job.selection, choice, start, stop)
    pieces = [little_endian(around(tile, origin)) for tile in tiles]
    return job.put_packed(names.embedding_array(number, part, job.level is not None), pieces), start, stop


def write_vectors(job: KarospaceJob, number: int, part: int) -> Part:
    """Write one part of a vector field: float32, in the units of its embedding."""
    start, stop = job.plan.parts.vectors[number][part : part + 2]
    chosen = job.plan.vectors[number].choice
    choice = EmbeddingChoice(("obsm", chosen.key), chosen.n_dims, y_down=False)
    tiles = read_coords(job.source, job.selection, choice, start, stop)
    pieces = (little_endian(tile.astype("float32", copy=False)) for tile in tiles)
    return job.put_packed(names.vector_array(number, part, job.level is not None), pieces), start, stop


def write_preview(job: KarospaceJob, bounds: Bounds) -> Receipt:
    """Draw every exported cell once."""
    mask = preview_mask()
    # Scaled to the base layer's values, which are float32; cells beyond that are not drawn.
    most = float(np.finfo(np.float32).max)
    ends = (np.clip(end, -most, most).astype(np.float32) for end in (bounds.minimum, bounds.maximum))
    low, high = (tuple(end.tolist()) for end in ends)
    choice = job.selection.embeddings[0]
    for tile in read_coords(job.source, job.selection, choice, 0, job.selection.n_cells):
        with np.errstate(over="ignore"):
            draw_cells(mask, tile.astype(np.float32), low, high)
    return job.put(names.PREVIEW, preview_png(mask), names.PNG)


def around(tile: npt.NDArray[np.floating], origin: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Coordinates relative to an origin, NaN on all axes for cells without."""
    with np.errstate(over="ignore"):
        moved = (tile.astype(np.float64) - origin).astype(np.float32)
    moved[~np.isfinite(moved).all(axis=1)] = np.nan  # a cell is drawn or it is not
    return moved


def stored_values(tile: Column, column: ResolvedColumn) -> npt.NDArray[np.generic]:
    """Some cells of a column as they are stored."""
    if tile.kind == "string" and column.categories is not None:
        codes = codes_of(tile, column.categories)
        coded = Column(tile.name, "category", codes, categories=column.categories)
        return array_values(coded, column.kind)
    return array_values(tile, column.kind)


def _texts(tile: Column) -> tuple[npt.NDArray[np.generic], npt.NDArray[np.bool_] | None]:
    if tile.categories is None:
        return tile.values, tile.missing
    names = tile.categories
    texts = np.asarray([names[code] if code >= 0 else "" for code in tile.values.tolist()], object)
    return texts, np.asarray(tile.values) < 0


_EMPTY = Bounds((float("inf"),), (float("-inf"),))
