"""Look at a few rows of obs columns to learn how many different values they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from karospace_stream.errors import KaroSpaceError
from karospace_stream.model.column import Column
from karospace_stream.model.source import Source
from karospace_stream.select.obs_columns.names import label_of, passed_over
from karospace_stream.select.obs_columns.ranking import ColumnFacts, facts_of

#: Of text, flags, and numbers that are called like labels; labels first.
MOST_COLUMNS = 64
#: At so many places of the file, evenly spread, since cells are often sorted; so many rows at each.
N_PLACES, N_ROWS = 4, 250


def look_at_columns(source: Source) -> tuple[ColumnFacts, ...]:
    """Facts about all columns: from the catalogue, and from at most 1,000 rows of at most 64 columns."""
    catalog = source.catalog
    facts = facts_of(catalog.obs, catalog.n_cells)
    unknown = [each for each in facts if _is_open(each)]
    chosen = sorted(unknown, key=lambda each: label_of(each.name) is None)[:MOST_COLUMNS]
    looked = {}
    with source.kept_open():
        for each in chosen:
            looked[each.name] = _look(source, each)
    return tuple(looked.get(each.name, each) for each in facts)


def _is_open(column: ColumnFacts) -> bool:
    if passed_over(column.name):
        return False
    return column.kind in ("string", "bool") or (
        column.kind == "integer" and label_of(column.name) is not None
    )


def _look(source: Source, column: ColumnFacts) -> ColumnFacts:
    try:
        tiles = [source.obs_column(column.name, *rows) for rows in _rows(source.catalog.n_cells)]
    except KaroSpaceError:  # it is told if the column is exported
        return column
    values = [value for tile in tiles for value in _values(tile)]
    length = 0.0
    if column.kind == "string" and values:
        length = sum(len(str(value)) for value in values) / len(values)
    return replace(column, n_classes=len(set(values)), n_rows=len(values), length=length)


def _rows(n_cells: int) -> Iterator[tuple[int, int]]:
    if n_cells <= N_PLACES * N_ROWS:
        yield 0, n_cells
        return
    for place in range(N_PLACES):
        start = place * (n_cells - N_ROWS) // (N_PLACES - 1)
        yield start, start + N_ROWS


def _values(column: Column) -> list[object]:
    values = column.values if column.missing is None else column.values[~column.missing]
    found: list[object] = values.tolist()
    return found
