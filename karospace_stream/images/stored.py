"""An array of a file or store as an image: of ``uns['spatial']``, or of an OME-Zarr."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from karospace_stream.encode.image import drawn_range
from karospace_stream.images.slide import Affine, Pixels, SlideFacts
from karospace_stream.images.values import as_channel, as_colors
from karospace_stream.source.elements.arrays import StoredArray

_AT_ONCE = 10  # chunks that zarr fetches and decodes at the same time
_WINDOW = 2048
_BAND_NBYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class ArrayImage:
    """An array whose axes have names; see `WindowedImage` and `WholeImage`.

    Attributes
    ----------
    axes
        Among them ``y``, ``x``, and ``c`` for colours or channels; of others the first index is read.
    """

    values: StoredArray
    axes: tuple[str, ...]
    facts: SlideFacts

    def read(self, channel: int, rows: slice, columns: slice) -> Pixels:
        """A window; see the protocol."""
        if self.facts.channels:
            return as_channel(self._window(slice(channel, channel + 1), rows, columns), self.facts.dtype)
        return as_colors(self._window(slice(0, self._n_colors), rows, columns), 255)

    def bands(self, n_rows: int) -> Iterator[Pixels]:
        """Colours that are not bytes: their range is that of the whole picture; see the protocol."""
        if self.values.storage().compression == "png":  # decoded as a whole by each read
            whole = self._window(slice(0, self._n_colors), slice(0, self.facts.height), self._all_columns)
            most = drawn_range([whole], self.values.dtype)
            for start in range(0, self.facts.height, n_rows):
                yield as_colors(whole[start : start + n_rows], most)
            return
        line = self.facts.width * self._n_colors * self.values.dtype.itemsize
        n_lines = max(1, _BAND_NBYTES // max(1, line))
        most = drawn_range((self._band(start, n_lines) for start in self._starts(n_lines)), self.values.dtype)
        for start in self._starts(n_rows):
            yield as_colors(self._band(start, n_rows), most)

    @property
    def _n_colors(self) -> int:
        return self.values.shape[self.axes.index("c")] if "c" in self.axes else 1

    @property
    def _all_columns(self) -> slice:
        return slice(0, self.facts.width)

    def _starts(self, n_rows: int) -> range:
        return range(0, self.facts.height, n_rows)

    def _band(self, start: int, n_rows: int) -> Pixels:
        rows = slice(start, min(start + n_rows, self.facts.height))
        return self._window(slice(0, self._n_colors), rows, self._all_columns)

    def _window(self, channels: slice, rows: slice, columns: slice) -> Pixels:
        """Some channels, ``(height, width)`` of one, else ``(height, width, channels)``."""
        bounds = {"c": channels, "y": rows, "x": columns}
        values = self.values.read(*(bounds.get(axis, slice(0, 1)) for axis in self.axes))
        last = [self.axes.index(axis) for axis in ("y", "x", "c") if axis in self.axes]
        others = [number for number in range(len(self.axes)) if number not in last]
        values = np.transpose(values, [*others, *last])[(0,) * len(others)]
        found: Pixels = values[:, :, 0] if values.ndim == 3 and values.shape[2] == 1 else values
        return found


def block_of(values: StoredArray, axes: tuple[str, ...]) -> tuple[tuple[int, int], int]:
    """Rows and columns that are decoded at once, and the memory of reading a window of them."""
    chunks = values.storage().chunks or tuple(1 for _ in axes)
    sizes = dict(zip(axes, chunks, strict=False))
    rows, columns = sizes.get("y", 1), sizes.get("x", 1)
    chunk = math.prod(chunks) * values.dtype.itemsize
    touched = (-(-_WINDOW // rows) + 1) * (-(-_WINDOW // columns) + 1)
    return (rows, columns), 2 * chunk * min(_AT_ONCE, touched)


def library_image(values: StoredArray) -> ArrayImage:
    """An image of ``uns['spatial']``: ``(height, width)``, or ``(height, width, 1, 3 or 4)``."""
    axes = ("y", "x", "c")[: len(values.shape)]
    block, nbytes = block_of(values, axes)
    samples = 4 if len(values.shape) == 3 and values.shape[2] == 4 else 3
    whole = values.dtype != np.uint8 or values.storage().compression == "png"
    if whole:
        nbytes += 6 * math.prod(values.shape) if values.storage().compression == "png" else 4 * _BAND_NBYTES
    facts = SlideFacts(
        height=values.shape[0],
        width=values.shape[1],
        samples=samples,
        block=block,
        read_nbytes=nbytes,
        whole=whole,
    )
    return ArrayImage(values, axes, facts)


@dataclass(frozen=True, slots=True)
class StoredSlide:
    """An image of a store beside the cells.

    Attributes
    ----------
    embedding
        Key in obsm of the coordinates that it lies under; empty if unknown.
    to_pixel
        From these to its pixels; None if unknown.
    path
        Of its group in the store.
    section
        Column of obs and its value, for the cells that it lies under; None for all cells.
    is_only_there
        Whether other cells have the same coordinates, and nothing to do with it.
    """

    name: str
    image: ArrayImage
    embedding: str
    to_pixel: Affine | None
    path: str
    section: tuple[str, str] | None = None
    is_only_there: bool = False
