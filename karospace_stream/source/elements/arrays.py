"""The array interface that this room relies on, wherever the values are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import DamagedError

TEXT = np.dtype(object)
"""The type that arrays of strings report; their values are `str`."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Layout of an array in its file: chunk shape (None where contiguous), bytes, filters."""

    chunks: tuple[int, ...] | None = None
    nbytes: int | None = None
    compression: str = ""


class StoredArray(Protocol):
    """An array that is read by parts. Picklable and thread-safe."""

    @property
    def key(self) -> str:
        """Location of the array, for messages: ``"X/data"``."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Native byte order; `TEXT` for strings of any encoding."""
        ...

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a rectangle, native and writable only by chance.

        ``bounds`` have no step and are inside the shape; axes not named are read in full.
        """
        ...

    def storage(self) -> Storage:
        """Its layout in the file."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class NumpyArray:
    """An array in memory. ``read`` returns views if the byte order is native."""

    key: str
    values: npt.NDArray[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self.values.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values, native; `TEXT` for strings."""
        return array_dtype(self.values.dtype)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; see the protocol."""
        part = self.values[bounds]
        return to_text(part) if self.dtype == TEXT else to_native(part)

    def storage(self) -> Storage:
        """Its layout in the file."""
        return Storage()


@dataclass(frozen=True, slots=True)
class ArrayView:
    """Base class of a `StoredArray` that wraps another one: delegates to it.

    Attributes
    ----------
    values
        The array as stored.
    """

    values: StoredArray

    @property
    def key(self) -> str:
        """Location of the wrapped array, for messages."""
        return self.values.key

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self.values.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values."""
        return self.values.dtype

    def storage(self) -> Storage:
        """Layout of the values in their file."""
        return self.values.storage()


def array_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Native byte order; `TEXT` for fixed and variable strings."""
    return TEXT if dtype.kind in "OSUT" else dtype.newbyteorder("=")


def to_native(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Convert to native byte order; no copy if it already is."""
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))


def to_text(values: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    """Strings of any NumPy type as an object array of `str`; None and NaN become ``""``.

    Raises
    ------
    DamagedError
        If bytes are not UTF-8. A replacement character would be a value that nobody stored.
    """
    try:
        if values.dtype.kind == "S":
            values = np.char.decode(values, "utf-8")
        if values.dtype.kind != "O":
            return values.astype(object)
        try:  # the type that HDF5 returns, almost always
            flat = [value.decode() for value in values.ravel()]
        except AttributeError:
            flat = [_text(value) for value in values.ravel()]
    except UnicodeDecodeError as error:
        raise DamagedError(f"text must be UTF-8, got {error.object[:40]!r}") from error
    text = np.empty(len(flat), object)
    text[:] = flat
    return text.reshape(values.shape)


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    return "" if value is None or value != value else str(value)
