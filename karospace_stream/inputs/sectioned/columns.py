"""Columns, embeddings and names of cells in another order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.sectioned.ahead import read_ahead
from karospace_stream.inputs.sectioned.order import TILE, SectionOrder
from karospace_stream.model.catalog import ColumnInfo, EmbeddingInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.columns import Categorised, Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry

Positions = npt.NDArray[np.int64]
_GAP = 4_096  # rows that are read although nobody needs them, rather than in two reads


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class OrderedElement:
    """A column in another order; see `Element`."""

    stored: Element
    order: SectionOrder

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.order.n_cells

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return self.stored.info(name)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        if self.stored.info(name).kind == "string":  # takes more memory than can be told beforehand
            return self._read(name, start, stop)
        first, found = read_ahead(self, self.order, name, (start, stop), partial(self._read, name))
        return found.rows(slice(start - first, stop - first))

    def _read(self, name: str, start: int, stop: int) -> Column:
        values: npt.NDArray[np.generic] | None = None
        missing: npt.NDArray[np.bool_] | None = None
        part: Column | None = None
        for first, end, where, within in spans(self.order, start, stop):
            part = self.stored.read(name, first, end)
            if values is None:
                values = np.empty(stop - start, part.values.dtype)
            values[where] = part.values[within]
            if part.missing is not None:
                missing = np.zeros(stop - start, bool) if missing is None else missing
                missing[where] = part.missing[within]
        if part is None or values is None:
            return self.stored.read(name, 0, 0)
        return Column(name, part.kind, values, missing, part.categories)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class OrderedCategories(OrderedElement):
    """A column of codes in another order."""

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        assert isinstance(self.stored, Categorised)
        return self.stored.whole_categories()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class OrderedEntry:
    """An array of obsm in another order; see `EmbeddingEntry`."""

    stored: EmbeddingEntry
    order: SectionOrder

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.order.n_cells

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return self.stored.info(key)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        read = partial(self._read, n_columns=n_columns)
        first, found = read_ahead(self, self.order, n_columns, (start, stop), read)
        return found[start - first : stop - first]

    def _read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        values: npt.NDArray[np.floating] | None = None
        for first, end, where, within in spans(self.order, start, stop):
            part = self.stored.read(first, end, n_columns)
            if values is None:
                values = np.empty((stop - start, part.shape[1]), part.dtype)
            values[where] = part[within]
        return self.stored.read(0, 0, n_columns) if values is None else values


def spans(order: SectionOrder, start: int, stop: int) -> Iterator[tuple[int, int, Positions, Positions]]:
    """How some cells are read: ranges of rows in their order, none much longer than a tile.

    Yields
    ------
    First row and the one after the last; where its cells go among those that are asked for; and which of its
    rows these are.
    """
    rows = order.rows(start, stop).astype(np.int64)
    if not len(rows):
        return
    where = np.argsort(rows, kind="stable")
    ascending = rows[where]
    at = 0
    while at < len(ascending):
        first = int(ascending[at])
        end = int(np.searchsorted(ascending, first + TILE))
        gaps = np.flatnonzero(np.diff(ascending[at:end]) > _GAP)
        if len(gaps):
            end = at + int(gaps[0]) + 1
        within = ascending[at:end] - first
        yield first, first + int(within[-1]) + 1, where[at:end], within
        at = end
