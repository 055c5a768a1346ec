"""Columns whose rows are in several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.columns import Element, read_text

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class JoinedValues:
    """Numbers, booleans or text of several inputs.

    Attributes
    ----------
    parts
        The column of each input; None where an input has none, and all its values are missing.
    dtype
        Of numbers and booleans; ``object`` for text.
    """

    parts: tuple[Element | None, ...]
    stack: Stack
    kind: ColumnKind
    dtype: np.dtype[Any]
    note: str = ""

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        dtype = "str" if self.kind == "string" else str(self.dtype)
        return ColumnInfo(name, self.kind, dtype, note=self.note)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        values = np.empty(stop - start, self.dtype)
        missing = np.zeros(stop - start, bool)
        for number, first, last in self.stack.within(start, stop):
            at = int(self.stack.starts[number]) + first - start
            rows = slice(at, at + last - first)
            part = self.parts[number]
            if part is None:
                values[rows], missing[rows] = _nothing(self.kind), True
                continue
            values[rows], gone = _as_kind(part.read(name, first, last), self.kind)
            if gone is not None:
                missing[rows] = gone
        if self.kind == "float":
            values[missing] = np.nan
            return Column(name, self.kind, values)
        return Column(name, self.kind, values, missing if missing.any() else None)


@dataclass(frozen=True, slots=True, eq=False)
class JoinedCategories:
    """Categories of several inputs.

    Attributes
    ----------
    codes
        For each input, the joined code of each of its categories; None if they are the same.
    categories
        Of all inputs.
    """

    parts: tuple[Element | None, ...]
    codes: tuple[Codes | None, ...]
    stack: Stack
    categories: Categories
    names: tuple[str, ...]
    dtype: str
    note: str = ""

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, "category", self.dtype, n_categories=len(self.names), note=self.note)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        codes = np.full(stop - start, -1, np.int32)
        for number, first, last in self.stack.within(start, stop):
            part = self.parts[number]
            if part is None:
                continue
            own, joined = part.read(name, first, last).values, self.codes[number]
            at = int(self.stack.starts[number]) + first - start
            codes[at : at + last - first] = own if joined is None else np.append(joined, np.int32(-1))[own]
        return Column(name, "category", codes, categories=self.names)

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        return self.categories


@dataclass(frozen=True, slots=True, eq=False)
class FileLabels:
    """A column with one category for each input, such as its name."""

    codes: Codes
    stack: Stack
    names: tuple[str, ...]

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, "category", "int32", n_categories=len(self.names))

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        codes = np.empty(stop - start, np.int32)
        for number, first, last in self.stack.within(start, stop):
            at = int(self.stack.starts[number]) + first - start
            codes[at : at + last - first] = self.codes[number]
        return Column(name, "category", codes, categories=self.names)

    def whole_categories(self) -> Categories:
        """The category names."""
        return Categories(np.array(self.names, object), ordered=False)


@dataclass(frozen=True, slots=True, eq=False)
class JoinedNames:
    """Names of the rows of several inputs.

    Attributes
    ----------
    endings
        What each input appends to its names; empty if names stay as they are.
    """

    parts: tuple[Element, ...]
    stack: Stack
    endings: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, "string", "str")

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        names = np.empty(stop - start, object)
        for number, first, last in self.stack.within(start, stop):
            at = int(self.stack.starts[number]) + first - start
            own = read_text(self.parts[number], first, last)
            names[at : at + last - first] = own + self.endings[number] if self.endings else own
        return Column(name, "string", names)


@dataclass(frozen=True, slots=True, eq=False)
class TakenRows:
    """Other rows of a column: those of the joined genes, say.

    Attributes
    ----------
    rows
        The stored row of each; -1 if there is none, and the value is missing.
    """

    stored: Element
    rows: npt.NDArray[np.int32]
    dtype: np.dtype[Any] | None = None

    @property
    def n_rows(self) -> int:
        """Length."""
        return len(self.rows)

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        info = self.stored.info(name)
        if info.kind != "integer" or (self.rows >= 0).all():
            return info
        return ColumnInfo(name, "float", "float64", note=info.note)

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol. Reads all of the stored column."""
        rows = self.rows[start:stop]
        gone = rows < 0
        column = self.stored.read(name, 0, self.stored.n_rows)
        if not self.stored.n_rows:
            raise ValueError(f"{name} has no rows")
        taken = column.rows(rows.astype(np.int64))
        if not gone.any():
            return taken if self.info(name).kind == taken.kind else _as_floats(taken, gone)
        if taken.kind in ("integer", "float"):
            return _as_floats(taken, gone)
        values = taken.values.copy()
        values[gone] = -1 if taken.kind == "category" else _nothing(taken.kind)
        if taken.kind == "category":
            return Column(name, taken.kind, values, categories=taken.categories)
        missing = gone if taken.missing is None else gone | taken.missing
        return Column(name, taken.kind, values, missing)

    def whole_categories(self) -> Categories:
        """The category names, as stored."""
        whole = getattr(self.stored, "whole_categories", None)
        if whole is None:
            raise TypeError("the column has no categories")
        found: Categories = whole()
        return found


def _as_floats(column: Column, gone: npt.NDArray[np.bool_]) -> Column:
    values = column.values
    values = values.astype(np.float64) if values.dtype.kind != "f" else values.copy()
    values[gone if column.missing is None else gone | column.missing] = np.nan
    return Column(column.name, "float", values)


def _nothing(kind: ColumnKind) -> Any:
    return "" if kind == "string" else 0


def _as_kind(column: Column, kind: ColumnKind) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    """Values as text, numbers or booleans, and which are missing."""
    if column.categories is None:
        return column.values, column.missing
    names = np.array([*column.categories, ""], object)
    codes = column.values.astype(np.intp)
    return names[codes], codes < 0


def all_missing(column: Element) -> bool:
    """Whether a column of floats has no value at all; reads until it finds one."""
    step = 1 << 16
    for start in range(0, column.n_rows, step):
        values = column.read("", start, min(start + step, column.n_rows)).values
        if not np.isnan(values.astype(np.float64)).all():
            return False
    return True


def endings_of(keys: Sequence[str], separator: str | None) -> tuple[str, ...]:
    """What is appended to the names of each input's cells."""
    return () if separator is None else tuple(f"{separator}{key}" for key in keys)
