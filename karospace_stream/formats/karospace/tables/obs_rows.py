"""Rows of the cell table, as many at a time as their width allows."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.encode.tables import Values, python_values
from karospace_stream.formats.cells.tiles import read_column, read_names
from karospace_stream.formats.karospace.layout import headers
from karospace_stream.formats.karospace.tables.blocks import Blocks
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source


def obs_rows(
    source: Source, selection: Selection, blocks: Blocks, start: int, stop: int
) -> Iterator[list[Values]]:
    """Columns of the obs table as Python values, a slice of rows at a time."""
    most = blocks.tile_rows
    readers = [
        read_column(source, selection, name, start, stop, most)
        for name in headers.obs_columns(selection.columns)
    ]
    for cells in read_names(source, selection, start, stop, most):
        with source.kept_open():
            columns = [next(reader) for reader in readers]
        for at in range(0, len(cells), blocks.slice_rows):
            rows = slice(at, at + blocks.slice_rows)
            yield [cells[rows].tolist(), *(python_values(column.rows(rows)) for column in columns)]
