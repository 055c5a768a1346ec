"""Finds the exported cell of a shape by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.derive.sections.shift import shifted
from karospace_stream.formats.cells.tiles import read_column, read_names
from karospace_stream.model.column import Column
from karospace_stream.model.inputs.shapes import NO_CELL, ShapesInfo
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source

Keys = npt.NDArray[np.uint64]
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True, eq=False)
class CellFinder:
    """The names of the exported cells, as 64 bits each.

    Attributes
    ----------
    keys, cells
        Sorted by key.
    by_number
        Whether names are whole numbers; otherwise they are texts, of which a hash is taken.
    shifts
        Of each cell, ``(n_cells, 2)``, where sections are laid out; None where they are not.
    """

    keys: Keys
    cells: npt.NDArray[np.uint32]
    by_number: bool
    shifts: npt.NDArray[np.float64] | None

    @classmethod
    def of(
        cls, source: Source, selection: Selection, info: ShapesInfo, choice: EmbeddingChoice
    ) -> CellFinder:
        """Read the names of all exported cells."""
        parts = list(_names(source, selection, info.column))
        by_number = all(part.dtype.kind == "i" for part in parts)
        keys = np.concatenate([np.empty(0, np.uint64), *(_keys(part, by_number)[0] for part in parts)])
        cells = np.arange(len(keys), dtype=np.uint32)
        if info.region is not None:
            within = _within(source, selection, *info.region)
            keys, cells = keys[within], cells[within]
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], cells[order], by_number, _shifts(source, selection, choice))

    def find(self, names: npt.NDArray[Any]) -> npt.NDArray[np.uint32]:
        """The cell of each name; `NO_CELL` for one that is no exported cell."""
        if not len(self.keys):
            return np.full(len(names), NO_CELL, np.uint32)
        keys, known = _keys(names, self.by_number)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(known & (self.keys[at] == keys), self.cells[at], np.uint32(NO_CELL))


def _names(source: Source, selection: Selection, column: str) -> Iterator[npt.NDArray[Any]]:
    if not column:
        yield from read_names(source, selection, 0, selection.n_cells)
        return
    for tile in read_column(source, selection, column, 0, selection.n_cells):
        yield _texts(tile) if tile.values.dtype.kind not in "iu" or tile.categories else _numbers(tile)


def _numbers(tile: Column) -> npt.NDArray[np.int64]:
    return tile.values.astype(np.int64)


def _texts(tile: Column) -> npt.NDArray[np.object_]:
    if tile.categories is not None:
        named = np.array([*map(str, tile.categories), ""], object)
        return named[tile.values.astype(np.intp)]
    values = tile.values
    if values.dtype.kind == "f" and (values == np.trunc(values)).all():
        values = values.astype(np.int64)
    return np.array([str(each) for each in values.tolist()], object)


def _keys(names: npt.NDArray[Any], by_number: bool) -> tuple[Keys, npt.NDArray[np.bool_]]:
    """Names as 64 bits, and which of them can be those of cells at all."""
    known = np.ones(len(names), np.bool_)
    if by_number:
        if names.dtype.kind != "i":
            known = np.array([_WHOLE.fullmatch(each) is not None for each in names.tolist()], np.bool_)
            found = np.zeros(len(names), np.int64)
            found[known] = [int(each) for each in names[known].tolist()]
            names = found
        return names.astype(np.int64).view(np.uint64), known
    if names.dtype.kind == "i":
        names = np.array([str(each) for each in names.tolist()], object)
    return pd.util.hash_array(names.astype(object), categorize=False), known


def _within(source: Source, selection: Selection, column: str, value: str) -> npt.NDArray[np.bool_]:
    tiles = read_column(source, selection, column, 0, selection.n_cells)
    return np.concatenate([np.empty(0, np.bool_), *(_texts(tile) == value for tile in tiles)]).astype(
        np.bool_
    )


def _shifts(source: Source, selection: Selection, choice: EmbeddingChoice) -> npt.NDArray[np.float64] | None:
    laid = selection.arrangement
    if laid is None or laid.source != choice.source:
        return None
    tiles = read_column(source, selection, laid.column, 0, selection.n_cells)
    moved = (shifted(np.zeros((len(tile.values), 2)), tile, laid) for tile in tiles)
    return np.concatenate([np.empty((0, 2)), *moved])
