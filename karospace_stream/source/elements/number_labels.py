"""A column of whole numbers that are labels, such as clusters, as a category."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.columns import Element


@dataclass(frozen=True, slots=True)
class NumberLabels:
    """Whole numbers as codes into the sorted ``numbers``; any other is missing."""

    stored: Element
    numbers: tuple[int, ...]

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stored.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return replace(self.stored.info(name), kind="category", n_categories=len(self.numbers))

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        column = self.stored.read(name, start, stop)
        known = np.array(self.numbers, column.values.dtype)
        codes = np.searchsorted(known, column.values).astype(np.int32)
        codes[codes == len(known)] = 0
        is_other = known[codes] != column.values
        codes[is_other if column.missing is None else is_other | column.missing] = -1
        return Column(name, "category", codes, categories=tuple(map(str, self.numbers)))

    def whole_categories(self) -> Categories:
        """The numbers, in their order."""
        return Categories(np.array(self.numbers), ordered=False)
