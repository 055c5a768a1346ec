"""Arrays of a loom file in the form in which an AnnData has them."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.source.elements.arrays import TEXT, ArrayView, Storage, StoredArray


@dataclass(frozen=True, slots=True)
class Transposed(ArrayView):
    """A matrix of genes x cells as cells x genes; see `StoredArray`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells and genes."""
        return self.values.shape[::-1]

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a rectangle; in the order of columns, as that takes no copy."""
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        return self.values.read(*bounds[::-1]).T

    def storage(self) -> Storage:
        """Its layout in the file."""
        stored = self.values.storage()
        return stored if stored.chunks is None else replace(stored, chunks=stored.chunks[::-1])


@dataclass(frozen=True, slots=True)
class Unescaped(ArrayView):
    """Text that loompy wrote as ASCII, with references such as ``&#946;``; see `StoredArray`."""

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part, as loompy does."""
        texts = self.values.read(*bounds)
        if any("&" in text for text in texts.ravel().tolist()):
            texts = np.array([html.unescape(text) for text in texts.ravel().tolist()], object).reshape(
                texts.shape
            )
        return texts


@dataclass(frozen=True, slots=True)
class Numbered:
    """Names of cells or genes that have none in their file: 0, 1, 2 …; see `StoredArray`."""

    key: str
    n_rows: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Length."""
        return (self.n_rows,)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Text."""
        return TEXT

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Make some of them."""
        rows = bounds[0] if bounds else slice(0, self.n_rows)
        return np.array([str(row) for row in range(rows.start, rows.stop)], object)

    def storage(self) -> Storage:
        """Nothing is stored."""
        return Storage()


@dataclass(frozen=True, slots=True)
class ColumnsAsOne:
    """Arrays of one dimension as the columns of one; see `StoredArray`."""

    key: str
    columns: tuple[StoredArray, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length and number of columns."""
        return (*self.columns[0].shape, len(self.columns))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type that holds the values of all."""
        return np.result_type(*(column.dtype for column in self.columns))

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read some rows of some columns."""
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        rows, columns = bounds
        return np.stack([each.read(rows) for each in self.columns[columns]], axis=1, dtype=self.dtype)

    def storage(self) -> Storage:
        """Unknown as a whole."""
        return Storage()
