"""Columns of obs that have one value in each section, such as a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.model.column import Column
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source

Fact = str | int | float | bool | None


def read_facts(
    source: Source, selection: Selection, columns: Sequence[str], sections: Sequence[tuple[int, int]]
) -> list[Any]:
    """Such columns and their values, section by section; a column is left as soon as a section has two."""
    with source.kept_open():
        found = ((name, _values(source, selection, name, sections)) for name in columns)
        return [[name, values] for name, values in found if values is not None and any_value(values)]


def any_value(values: Sequence[Fact]) -> bool:
    """Whether there is one at all."""
    return any(value is not None for value in values)


def _values(
    source: Source, selection: Selection, name: str, sections: Sequence[tuple[int, int]]
) -> list[Fact] | None:
    values: list[Fact] = []
    for start, stop in sections:
        seen: set[Fact] = set()
        for tile in read_column(source, selection, name, start, stop):
            only = _only(tile)
            seen |= only
            if len(seen) > 1 or not only:
                return None
        values += seen
    return values


def _only(tile: Column) -> set[Fact]:
    """The value of all cells of a tile; both of two, and none where a value is no number that JSON knows."""
    values = tile.values
    if tile.categories is not None:
        return {tile.categories[code] if code >= 0 else None for code in np.unique(values)[:2].tolist()}
    if tile.kind == "float":
        missing = np.isnan(values.astype(np.float64))
    else:
        missing = np.zeros(len(values), bool) if tile.missing is None else tile.missing
    there = values[~missing]
    found: set[Fact] = {None} if missing.any() else set()
    if len(there):
        first = there[0]
        found.add(first.item() if isinstance(first, np.generic) else str(first))
        if (there != first).any():
            found |= {None, ""}  # anything but one value
        elif tile.kind == "float" and not np.isfinite(first):
            return set()
    return found
