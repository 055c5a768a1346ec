"""Columns and embeddings that lie in scratch in the order of sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.sectioned.columns import OrderedElement, OrderedEntry
from karospace_stream.inputs.sectioned.sorted_values import SortedCells
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.columns import Categorised


@dataclass(frozen=True, slots=True, eq=False)
class SortedElement(OrderedElement):
    """A column whose values were sorted; see `Element`."""

    cells: SortedCells

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        like = self.stored.read(name, 0, 0)
        if start >= stop:
            return like
        found = self.cells.read(start, stop)
        return Column(name, like.kind, found.values, found.missing, like.categories)


@dataclass(frozen=True, slots=True, eq=False)
class SortedCategories(SortedElement):
    """A column of codes that were sorted."""

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        assert isinstance(self.stored, Categorised)
        return self.stored.whole_categories()


@dataclass(frozen=True, slots=True, eq=False)
class SortedEntry:
    """An array of obsm of which the first columns were sorted; see `EmbeddingEntry`."""

    stored: OrderedEntry
    cells: SortedCells
    n_columns: int

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stored.n_rows

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return self.stored.info(key)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        if start >= stop or min(n_columns, self.info("").n_columns) > self.n_columns:
            return self.stored.read(start, stop, n_columns)
        values = self.cells.read(start, stop).values
        return np.ascontiguousarray(values[:, :n_columns])
