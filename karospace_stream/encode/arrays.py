"""Columns and coordinates as little-endian arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column

#: More distinct strings than this are no category but text.
MAX_STRING_CATEGORIES = 4_096
#: A category with more than this is text: its names would make the atlas as long as the cells.
MAX_CATEGORIES = 65_535
_LINE_FEED = 10


@dataclass(frozen=True, slots=True)
class ArrayKind:
    """How a column is stored.

    Attributes
    ----------
    kind
        ``category``, ``number``, ``bool`` or ``string``.
    dtype
        NumPy name of the stored type; empty for ``string``.
    missing
        Code of a missing value (category and bool); None otherwise.
    """

    kind: Literal["category", "number", "bool", "string"]
    dtype: str = ""
    missing: int | None = None

    @property
    def itemsize(self) -> int:
        """Bytes a cell; 0 for ``string``, whose cells differ."""
        return np.dtype(self.dtype).itemsize if self.dtype else 0


def array_kind(info: ColumnInfo, n_categories: int | None, nullable: bool) -> ArrayKind:
    """Choose how to store a column.

    Parameters
    ----------
    n_categories
        Of a category, or of a string column with few distinct values; None otherwise.
    nullable
        Whether an integer column may have missing values.
    """
    if n_categories is not None and n_categories <= MAX_CATEGORIES:
        dtype, largest = ("uint8", 255) if n_categories <= 255 else ("uint16", MAX_CATEGORIES)
        return ArrayKind("category", dtype, largest)
    if info.kind == "bool":
        return ArrayKind("bool", "uint8", 255)
    if info.kind == "integer":
        wide = nullable or np.dtype(info.dtype).itemsize > 4
        return ArrayKind("number", "float64" if wide else np.dtype(info.dtype).name)
    if info.kind == "float":
        return ArrayKind("number", "float32" if np.dtype(info.dtype).itemsize <= 4 else "float64")
    return ArrayKind("string")


def array_values(column: Column, kind: ArrayKind) -> npt.NDArray[np.generic]:
    """The column in the stored type; ``column.values`` are codes if ``kind`` is a category."""
    if kind.kind == "category":
        codes = column.values.astype(np.int64)
        codes[codes < 0] = kind.missing or 0
        return codes.astype(kind.dtype)
    values = column.values.astype(kind.dtype)
    if column.missing is not None:
        values[column.missing] = np.nan if kind.missing is None else kind.missing
    return values


def little_endian(values: npt.NDArray[np.generic]) -> memoryview:
    """The array's bytes, little-endian, C order: a view of its memory if it has that layout already."""
    return memoryview(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))).cast("B")


def string_pieces(
    tiles: Iterable[tuple[npt.NDArray[np.generic], npt.NDArray[np.bool_] | None]],
) -> list[bytes]:
    """Encode strings as ``n + 1`` uint32 byte offsets and the UTF-8 bytes; missing is one NUL.

    A tile at a time: a Python string takes several times the bytes that it is written with.

    Parameters
    ----------
    tiles
        Values, and which of them are missing (None for none), of some rows after others.
    """
    ends, texts, end = [np.zeros(1, "<u4").tobytes()], [], 0
    for values, missing in tiles:
        text, lengths = _encoded(values, missing)
        stops = end + np.cumsum(lengths)
        end = int(stops[-1]) if len(stops) else end
        if end > np.iinfo(np.uint32).max:
            raise ValueError("a part of a string column is larger than 4 GiB")
        ends.append(stops.astype("<u4").tobytes())
        texts.append(text)
    return ends + texts


def _encoded(
    values: npt.NDArray[np.generic], missing: npt.NDArray[np.bool_] | None
) -> tuple[bytes, npt.NDArray[np.int64]]:
    """UTF-8 of strings after each other, and the bytes of each."""
    listed = [str(value) for value in values] if values.dtype != object else values.tolist()
    if missing is not None:
        listed = ["\0" if gone else text for text, gone in zip(listed, missing.tolist(), strict=True)]
    data = "\n".join(listed).encode("utf-8", "replace")
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE_FEED)
    if len(ends) == len(listed) - 1:  # no string has one
        return data.replace(b"\n", b""), np.diff(ends, prepend=-1, append=len(data)) - 1
    encoded = [text.encode("utf-8", "replace") for text in listed]
    return b"".join(encoded), np.fromiter(map(len, encoded), np.int64, len(encoded))
