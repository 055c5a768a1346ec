"""Entries of obsm: arrays and data frames of numbers, or of text that holds numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Element, Wrap
from karospace_stream.source.elements.frames import Frame, resolve_frame
from karospace_stream.source.elements.numeric_strings import (
    SAMPLE_ROWS,
    are_numbers,
    no_number,
    numbers_of,
    parse_numbers,
)
from karospace_stream.source.problems.unreadable import Unreadable


class EmbeddingEntry(Protocol):
    """One entry of obsm, wherever it is stored."""

    @property
    def n_rows(self) -> int:
        """Length."""
        ...

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        ...

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """The first columns of some rows: float32 or float64, C order."""
        ...


@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """An array of cells, or of cells x dimensions."""

    values: StoredArray

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.values.shape[0]

    @property
    def n_columns(self) -> int:
        """Width."""
        return self.values.shape[1] if len(self.values.shape) == 2 else 1

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        if self.values.dtype == TEXT:
            return EmbeddingInfo(key, self.n_columns, "str", is_text=True)
        return EmbeddingInfo(key, self.n_columns, str(self.values.dtype))

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        bounds = (slice(start, stop), slice(0, min(n_columns, self.n_columns)))
        part = self.values.read(*bounds[: len(self.values.shape)])
        if self.values.dtype == TEXT:
            try:
                part = parse_numbers(part)
            except ValueError as error:
                raise no_number(self.values.key, error, start, stop) from error
            return np.ascontiguousarray(part.reshape(stop - start, -1))
        return np.ascontiguousarray(part.reshape(stop - start, -1), float_type(self.values.dtype))


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """A data frame; as an embedding, only its numeric columns count, or else its columns of numeric text."""

    columns: tuple[Element, ...]
    dtype: np.dtype[Any]
    frame: Frame
    is_text: bool = False

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.columns[0].n_rows

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        dtype = str(self.dtype)
        return EmbeddingInfo(key, len(self.columns), dtype, table=self.frame.infos(), is_text=self.is_text)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        columns = self.columns[:n_columns]
        part = np.empty((stop - start, len(columns)), float_type(self.dtype))
        for index, element in enumerate(columns):
            try:
                part[:, index] = numbers_of(element.read("", start, stop))
            except ValueError as error:
                raise no_number(self.frame.key, error, start, stop) from error
        return part


def float_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float32 if it holds every value of the type exactly, else float64."""
    return np.dtype(np.float32 if np.can_cast(dtype, np.float32) else np.float64)


def array_entry(values: StoredArray) -> ArrayEntry:
    """An entry that is an array of any origin.

    Raises
    ------
    BadInputError
        If it has no or more than two dimensions, or holds no numbers.
    """
    kinds = "biuf" if values.dtype != TEXT or not _holds_numbers(values) else "O"
    if len(values.shape) not in (1, 2) or 0 in values.shape[1:] or values.dtype.kind not in kinds:
        raise BadInputError(
            "it must be an array of numbers with at least one column, "
            f"got {'text' if values.dtype == TEXT else values.dtype} of shape {values.shape}"
        )
    return ArrayEntry(values)


def frame_entry(frame: Frame) -> FrameEntry:
    """An entry that is a data frame of any origin; raises BadInputError if no column is numeric."""
    every = list(zip(frame.infos(), frame.columns.values(), strict=True))
    numbers = [
        (element, np.dtype(info.dtype)) for info, element in every if info.kind in ("integer", "float")
    ]
    if numbers:
        dtype = np.result_type(*(dtype for _, dtype in numbers))
        return FrameEntry(tuple(element for element, _ in numbers), dtype, frame)
    texts = [element for info, element in every if info.kind in ("string", "category")]
    texts = [element for element in texts if _column_holds_numbers(element)]
    if not texts:
        raise BadInputError("it must be a data frame with columns of numbers, but has none")
    return FrameEntry(tuple(texts), np.dtype(np.float64), frame, is_text=True)


def _holds_numbers(values: StoredArray) -> bool:
    """Whether the first rows of an array of text do."""
    rows = min(SAMPLE_ROWS, values.shape[0]) if values.shape else 0
    return bool(rows) and are_numbers(values.read(slice(0, rows)))


def _column_holds_numbers(element: Element) -> bool:
    column = element.read("", 0, min(SAMPLE_ROWS, element.n_rows))
    return are_numbers(column.values if column.categories is None else np.asarray(column.categories, object))


def resolve_embedding(node: Any, key: str, wrap: Wrap, unreadable: Unreadable) -> EmbeddingEntry:
    """Describe one entry of a stored obsm; reads attributes only, and the first rows of text."""
    if hasattr(node, "shape"):
        return array_entry(wrap(node))
    encoding = encoding_type(node)
    if encoding != "dataframe":
        raise BadInputError(f"it must be an array or a data frame, got the encoding {encoding!r}")
    return frame_entry(resolve_frame(node, key, wrap, unreadable))
