"""Columns and entries of some rows, in another order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.kinds.mudata.rows import spans
from karospace_stream.model.catalog import ColumnInfo, EmbeddingInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.columns import Categorised, Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry, float_type


@dataclass(frozen=True, slots=True)
class TakenElement:
    """A column, for some of its rows; see `Element`."""

    stored: Element
    rows: StoredArray

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.rows.shape[0]

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return self.stored.info(name)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        rows = self.rows.read(slice(start, stop))
        none = self.stored.read(name, 0, 0)
        values = np.empty(len(rows), none.values.dtype)
        missing = None if none.missing is None else np.zeros(len(rows), np.bool_)
        for low, high, where in spans(rows):
            part = self.stored.read(name, low, high).rows(rows[where] - low)
            values[where] = part.values
            if missing is not None and part.missing is not None:
                missing[where] = part.missing
        return Column(name, none.kind, values, missing, none.categories)


@dataclass(frozen=True, slots=True)
class TakenCategories(TakenElement):
    """A column of codes, for some of its rows."""

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        assert isinstance(self.stored, Categorised)
        return self.stored.whole_categories()


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """An entry of obsm, for some of its rows; see `EmbeddingEntry`."""

    stored: EmbeddingEntry
    rows: StoredArray

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.rows.shape[0]

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        stored = self.stored.info(key)
        return EmbeddingInfo(key, stored.n_columns, stored.dtype, is_text=stored.is_text)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        rows = self.rows.read(slice(start, stop))
        info = self.stored.info("")
        dtype = np.dtype(np.float64) if info.is_text else float_type(np.dtype(info.dtype))
        taken = np.empty((len(rows), min(n_columns, info.n_columns)), dtype)
        for low, high, where in spans(rows):
            taken[where] = self.stored.read(low, high, n_columns)[rows[where] - low]
        return taken


def taken_element(element: Element, rows: StoredArray | None) -> Element:
    """A column for some of its rows; unchanged without rows."""
    if rows is None:
        return element
    return TakenCategories(element, rows) if isinstance(element, Categorised) else TakenElement(element, rows)


def taken_entry(entry: EmbeddingEntry, rows: StoredArray | None) -> EmbeddingEntry:
    """An entry of obsm for some of its rows; unchanged without rows."""
    return entry if rows is None else TakenEntry(entry, rows)
