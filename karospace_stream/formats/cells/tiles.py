"""Read exported cells one tile at a time, for any choice of cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.sections.shift import shifted
from karospace_stream.model.column import Column
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source

#: Cells read at a time. A column of a tile is half a megabyte, and storage chunks are no larger.
TILE = 65_536


def tiles(
    selection: Selection, start: int, stop: int, most: int = TILE
) -> Iterator[tuple[int, int, npt.NDArray[np.int64] | None]]:
    """Cut exported cells ``start`` to ``stop`` into ranges of source rows.

    Parameters
    ----------
    most
        Source rows of a range.

    Yields
    ------
    ``start`` and ``stop`` (exclusive) of the rows, and which of them are exported (None for all).
    """
    cells = selection.cells
    if cells is None:
        # On a grid, on which chunks mostly end too, so that few are decoded twice.
        for first in range(start - start % most, stop, most):
            yield max(first, start), min(first + most, stop), None
        return
    at = start
    while at < stop:
        first = int(cells[at])
        end = int(np.searchsorted(cells[at:stop], first + most)) + at
        offsets = cells[at:end] - first
        yield first, first + int(offsets[-1]) + 1, offsets
        at = end


def read_column(
    source: Source, selection: Selection, name: str, start: int, stop: int, most: int = TILE
) -> Iterator[Column]:
    """Yield an obs column of exported cells ``start`` to ``stop``, tile by tile."""
    for first, end, offsets in tiles(selection, start, stop, most):
        column = source.obs_column(name, first, end)
        yield column if offsets is None else column.rows(offsets)


def read_table(
    source: Source, selection: Selection, key: str, name: str, start: int, stop: int
) -> Iterator[Column]:
    """Yield a column of a data frame of obsm for exported cells ``start`` to ``stop``, tile by tile."""
    for first, end, offsets in tiles(selection, start, stop):
        column = source.obsm_column(key, name, first, end)
        yield column if offsets is None else column.rows(offsets)


def read_names(
    source: Source, selection: Selection, start: int, stop: int, most: int = TILE
) -> Iterator[npt.NDArray[np.object_]]:
    """Yield the names of exported cells ``start`` to ``stop``, tile by tile."""
    for first, end, offsets in tiles(selection, start, stop, most):
        names = source.obs_names(first, end)
        yield names if offsets is None else names[offsets]


def read_coords(
    source: Source, selection: Selection, choice: EmbeddingChoice, start: int, stop: int
) -> Iterator[npt.NDArray[np.floating]]:
    """Yield coordinates ``(n, n_dims)`` of exported cells ``start`` to ``stop``, tile by tile.

    These are the exported values: if sections are laid out, their coordinates are shifted.
    """
    laid = selection.arrangement
    if laid is not None and laid.source != choice.source:
        laid = None
    for first, end, offsets in tiles(selection, start, stop):
        values = coords_of_rows(source, choice, first, end)
        if laid is not None:
            values = shifted(values, source.obs_column(laid.column, first, end), laid)
        yield values if offsets is None else values[offsets]


def coords_of_rows(
    source: Source, choice: EmbeddingChoice, start: int, stop: int
) -> npt.NDArray[np.floating]:
    """Coordinates of rows of the source, unchanged."""
    if choice.source[0] == "obsm":
        return source.obsm(choice.source[1], start, stop, choice.n_dims)
    axes = [_numbers(source.obs_column(name, start, stop)) for name in choice.source[1:]]
    return np.stack(axes, axis=1)


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    values = column.values.astype(np.float64)
    if column.missing is not None:
        values[column.missing] = np.nan
    return values
