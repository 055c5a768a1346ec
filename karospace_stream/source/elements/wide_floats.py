"""Floats of more than 64 bits (``long double`` of C), read as float64: nothing that we write holds more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.source.elements.arrays import ArrayView, StoredArray
from karospace_stream.source.elements.columns import Wrap

_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class RoundedFloats(ArrayView):
    """Wide floats as float64; see `StoredArray`. Values beyond its range become infinite."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values."""
        return _FLOAT64

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; see the protocol."""
        with np.errstate(over="ignore"):
            return np.asarray(self.values.read(*bounds)).astype(_FLOAT64)


def rounded(values: StoredArray) -> StoredArray:
    """The array, as float64 if its floats are wider."""
    return RoundedFloats(values) if narrow(values.dtype) != values.dtype else values


def narrow(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float64 for wider floats; any other type unchanged."""
    return _FLOAT64 if dtype.kind == "f" and dtype.itemsize > _FLOAT64.itemsize else dtype


def rounding(wrap: Wrap) -> Wrap:
    """Wrap arrays of h5py or zarr so that wide floats are read as float64.

    Not for matrices: they have such values by the gigabyte, and their readers refuse them.
    """

    def rounding_wrap(node: Any, field: str | None = None) -> StoredArray:
        return rounded(wrap(node, field))

    return rounding_wrap
