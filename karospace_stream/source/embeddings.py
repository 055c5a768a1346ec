"""Entries of obsm: arrays, and data frames of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.source.arrays import StoredArray
from karospace_stream.source.attributes import text_attribute
from karospace_stream.source.elements import Element, Wrap
from karospace_stream.source.frames import Frame, resolve_frame
from karospace_stream.source.unreadable import Unreadable


class EmbeddingEntry(Protocol):
    """One entry of obsm, wherever it lies."""

    @property
    def n_rows(self) -> int:
        """Length."""
        ...

    def info(self, key: str) -> EmbeddingInfo:
        """What the catalogue says of it."""
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
        """What the catalogue says of it."""
        return EmbeddingInfo(key, self.n_columns, str(self.values.dtype))

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        bounds = (slice(start, stop), slice(0, min(n_columns, self.n_columns)))
        part = self.values.read(*bounds[: len(self.values.shape)])
        return np.ascontiguousarray(part.reshape(stop - start, -1), float_type(self.values.dtype))


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """A data frame; as an embedding, only its columns of numbers count."""

    columns: tuple[Element, ...]
    dtype: np.dtype[Any]
    frame: Frame

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.columns[0].n_rows

    def info(self, key: str) -> EmbeddingInfo:
        """What the catalogue says of it."""
        return EmbeddingInfo(key, len(self.columns), str(self.dtype), table=self.frame.infos())

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        columns = self.columns[:n_columns]
        part = np.empty((stop - start, len(columns)), float_type(self.dtype))
        for place, element in enumerate(columns):
            column = element.read("", start, stop)
            part[:, place] = column.values
            if column.missing is not None:
                part[column.missing, place] = np.nan
        return part


def float_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float32 where it holds every value of the type exactly, else float64."""
    return np.dtype(np.float32 if np.can_cast(dtype, np.float32) else np.float64)


def array_entry(values: StoredArray) -> ArrayEntry:
    """An entry that is an array of any origin.

    Raises
    ------
    BadInputError
        If it has no or more than two dimensions, or holds no numbers.
    """
    if len(values.shape) not in (1, 2) or 0 in values.shape[1:] or values.dtype.kind not in "biuf":
        raise BadInputError(
            "an array of numbers with at least one column was wanted, "
            f"got {values.dtype} of shape {values.shape}"
        )
    return ArrayEntry(values)


def frame_entry(frame: Frame) -> FrameEntry:
    """An entry that is a data frame of any origin; raises BadInputError where none of it is numbers."""
    numbers = [
        (element, np.dtype(info.dtype))
        for info, element in zip(frame.infos(), frame.columns.values(), strict=True)
        if info.kind in ("integer", "float")
    ]
    if not numbers:
        raise BadInputError("a data frame with columns of numbers was wanted, it has none")
    dtype = np.result_type(*(dtype for _, dtype in numbers))
    return FrameEntry(tuple(element for element, _ in numbers), dtype, frame)


def resolve_embedding(node: Any, key: str, wrap: Wrap, unreadable: Unreadable) -> EmbeddingEntry:
    """Describe one entry of a stored obsm; reads attributes only."""
    if hasattr(node, "shape"):
        return array_entry(wrap(node))
    encoding = text_attribute(node, "encoding-type")
    if encoding != "dataframe":
        raise BadInputError(f"the encoding {encoding!r} is neither an array nor a data frame")
    return frame_entry(resolve_frame(node, key, wrap, unreadable))
