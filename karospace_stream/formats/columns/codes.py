"""Columns as codes into the categories that the plan resolved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.model.column import Column
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source


def distinct(source: Source, selection: Selection, name: str, most: int) -> tuple[str, ...] | None:
    """Sorted distinct values of a column as strings; None if there are more than ``most``."""
    seen: set[str] = set()
    for tile in read_column(source, selection, name, 0, selection.n_cells):
        values = tile.values if tile.missing is None else tile.values[~tile.missing]
        seen.update(map(str, values.tolist()))
        if len(seen) > most:
            return None
    return tuple(sorted(seen))


def codes_of(tile: Column, categories: tuple[str, ...]) -> npt.NDArray[np.int32]:
    """Codes of a tile, -1 where missing: its own for a category, else indices into the names."""
    if tile.kind == "category":
        return tile.values.astype(np.int32, copy=False)
    code_of = {name: code for code, name in enumerate(categories)}
    codes = np.fromiter((code_of.get(str(value), -1) for value in tile.values.tolist()), np.int32)
    if tile.missing is not None:
        codes[tile.missing] = -1
    return codes
