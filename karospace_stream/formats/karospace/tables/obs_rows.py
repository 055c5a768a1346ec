"""Rows of the cell table, as many at a time as their width allows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cells.tiles import read_column, read_names
from karospace_stream.formats.karospace.layout import headers
from karospace_stream.formats.karospace.tables.blocks import Blocks
from karospace_stream.model.column import Column
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source


def obs_rows(
    source: Source, selection: Selection, blocks: Blocks, start: int, stop: int
) -> Iterator[list[Column]]:
    """Columns of the obs table, a slice of rows at a time."""
    most = blocks.tile_rows
    readers = [
        read_column(source, selection, name, start, stop, most)
        for name in headers.obs_columns(selection.columns)
    ]
    for cells in read_names(source, selection, start, stop, most):
        with source.kept_open():
            columns = [cell_ids(cells), *(next(reader) for reader in readers)]
        for at in range(0, len(cells), blocks.slice_rows):
            rows = slice(at, at + blocks.slice_rows)
            yield [column.rows(rows) for column in columns]


def cell_ids(cells: npt.NDArray[np.object_]) -> Column:
    """The names of cells as the first column of a table."""
    return Column(headers.CELL_ID, "string", cells)
