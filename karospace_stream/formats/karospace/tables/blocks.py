"""Number of rows of a wide table to hold at once."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.encode.tables import SLICE_ROWS
from karospace_stream.formats.cells.tiles import TILE

#: Byte limit of the rows read at once. A table of a hundred columns stays below it with the longest tile.
_MOST_READ = 128 << 20
#: Byte limit of the rows that are Python objects at once; a table of 64 columns stays below it.
_MOST_OBJECTS = 65 * SLICE_ROWS * 400


@dataclass(frozen=True, slots=True)
class Blocks:
    """Number of rows of a cell table that are read at once, and that are Python objects and text at once.

    The bytes of a table do not depend on them.

    Attributes
    ----------
    tile_nbytes, slice_nbytes
        Memory of these rows.
    """

    tile_rows: int
    slice_rows: int
    tile_nbytes: int
    slice_nbytes: int


def table_blocks(n_columns: int, n_texts: int, longest: int) -> Blocks:
    """Long blocks of rows for ordinary tables, shorter ones where rows are wide.

    Parameters
    ----------
    n_texts
        Columns of strings, as the source stores them.
    longest
        Characters of the longest name of each category together.
    """
    read = 16 * n_columns + 150 * n_texts + 100
    objects = 400 * (n_columns + 1)
    if longest > objects:  # as one text, and encoded
        objects += 3 * longest
    tile_rows = _fit(TILE, _MOST_READ, read)
    slice_rows = _fit(SLICE_ROWS, _MOST_OBJECTS, objects)
    return Blocks(tile_rows, slice_rows, tile_rows * read, slice_rows * objects)


def _fit(most_rows: int, most_nbytes: int, row_nbytes: int) -> int:
    return max(1, min(most_rows, most_nbytes // row_nbytes))
