"""Look at a few rows of obs columns to learn how many different values they have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from karospace_stream.errors import KaroSpaceError
from karospace_stream.model.column import Column
from karospace_stream.model.source import Source
from karospace_stream.select.obs_columns.names import label_of, passed_over
from karospace_stream.select.obs_columns.ranking import ColumnFacts, facts_of, rank_columns

#: Of text, flags, and numbers that are called like labels, labels first; and of other numbers.
MOST_COLUMNS = 64
#: At so many places of the file, evenly spread, since cells are often sorted; so many rows at each.
N_PLACES, N_ROWS = 4, 250


def look_at_columns(source: Source) -> tuple[ColumnFacts, ...]:
    """Facts about all columns: from the catalogue, and from at most 1,000 rows of some columns.

    These are at most 64 of text, flags, and numbers that are called like labels; and of the other numbers
    those that the ranking takes, until it takes none with a single value. After 64 of them, the rest are not
    taken.
    """
    catalog = source.catalog
    facts = {each.name: each for each in facts_of(catalog.obs, catalog.n_cells)}
    unknown = [each for each in facts.values() if _is_open(each)]
    chosen = sorted(unknown, key=lambda each: label_of(each.name) is None)[:MOST_COLUMNS]
    with source.kept_open():
        facts |= {each.name: _look(source, each) for each in chosen}
        _look_at_numbers(source, facts)
    return tuple(facts.values())


def _is_open(column: ColumnFacts) -> bool:
    if passed_over(column.name):
        return False
    return column.kind in ("string", "bool") or (
        column.kind == "integer" and label_of(column.name) is not None
    )


def _look_at_numbers(source: Source, facts: dict[str, ColumnFacts]) -> None:
    """Look at numbers that would be taken, as each that turns out to be constant makes room for the next."""
    looked: set[str] = set()
    while len(looked) < MOST_COLUMNS:
        numbers = _unknown_numbers(facts, looked)[: MOST_COLUMNS - len(looked)]
        if not numbers:
            return
        facts |= {each.name: _look(source, each) for each in numbers}
        looked |= {each.name for each in numbers}
    for each in facts.values():
        if _is_unknown_number(each) and each.name not in looked:
            facts[each.name] = replace(each, n_rows=0)


def _unknown_numbers(facts: Mapping[str, ColumnFacts], looked: Collection[str]) -> list[ColumnFacts]:
    taken = [facts[each.name] for each in rank_columns(tuple(facts.values())) if each.taken]
    return [each for each in taken if _is_unknown_number(each) and each.name not in looked]


def _is_unknown_number(column: ColumnFacts) -> bool:
    return column.kind in ("integer", "float") and column.n_classes is None


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
    if values.dtype.kind == "f":
        values = values[~np.isnan(values)]
    found: list[object] = values.tolist()
    return found
