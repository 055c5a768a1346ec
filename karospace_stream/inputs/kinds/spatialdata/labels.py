"""Labels of a store: an image whose pixels are numbers of cells, read by tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.images.multiscale import axes_of, multiscale_of
from karospace_stream.inputs.kinds.spatialdata.centers import Centers, merged
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.units import format_nbytes

#: Pixels of an image that is read at once, in a second or two.
MOST_PIXELS = 1 << 26
_LARGEST_CHUNK = 1 << 30
_TILE_NBYTES = 16 << 20
_STRIP_PIXELS = 1 << 20  # of a tile; what is computed of them takes far more memory than they do
_STRIP_NBYTES = 20  # a pixel
_BYTES_PER_BYTE = 8  # of memory, for the tile, its runs and what zarr holds
_INSTANCE_PIXELS = 4  # fewer are hardly a cell


@dataclass(frozen=True, slots=True)
class Labels:
    """One level of an image; see `karospace_stream.inputs.kinds.spatialdata.centers.Element`.

    Attributes
    ----------
    axes
        Names of the axes of the array: y and x, or z, y and x.
    zoom
        Pixels of the finest level in one of this level, for each axis.
    """

    name: str
    values: StoredArray
    axes: tuple[str, ...]
    zoom: tuple[float, ...]

    @property
    def what(self) -> str:
        """For messages."""
        return f"the labels {self.name!r}"

    @property
    def n_axes(self) -> int:
        """2 or 3."""
        return len(self.axes)

    @property
    def n_pixels(self) -> int:
        """Of the level."""
        return int(np.prod(self.values.shape, dtype=np.int64))

    @property
    def cost(self) -> float:
        """Time that reading takes."""
        return self.n_pixels / MOST_PIXELS

    @property
    def piece_nbytes(self) -> int:
        """Memory of a chunk, which zarr holds twice and more, and of what is computed of it."""
        chunk = np.prod(self.values.storage().chunks or self.values.shape, dtype=np.int64)
        return int(4 * chunk) * self.values.dtype.itemsize + _STRIP_NBYTES * _STRIP_PIXELS

    @property
    def most_instances(self) -> int:
        """At most, if cells are no dots."""
        return self.n_pixels // _INSTANCE_PIXELS + 1

    @property
    def diameter(self) -> float | None:
        """Cells differ."""
        return None

    def pieces(self, task_nbytes: int) -> Sequence[tuple[tuple[int, int], ...]]:
        """Tiles of whole chunks: start and stop on each axis."""
        shape, itemsize = self.values.shape, self.values.dtype.itemsize
        tile = list(self.values.storage().chunks or shape)
        room = max(1, min(task_nbytes // _BYTES_PER_BYTE, _TILE_NBYTES)) // itemsize
        for axis in reversed(range(len(shape))):  # along rows first
            others = int(np.prod(tile)) // tile[axis]
            times = max(1, room // max(1, others * tile[axis]))
            tile[axis] = min(tile[axis] * times, shape[axis])
        cuts = [
            [(start, min(start + step, length)) for start in range(0, length, step)]
            for length, step in zip(shape, tile, strict=True)
        ]
        return list(product(*cuts))

    def read(self, piece: tuple[tuple[int, int], ...]) -> Centers:
        """The mean of the middles of the pixels of each label in one tile; see the protocol."""
        tile = self.values.read(*(slice(*each) for each in piece))
        line = max(1, tile.size // len(tile))
        step = max(1, _STRIP_PIXELS // line)
        begin = [start for start, _ in piece]
        return merged(
            [
                self._centers(tile[row : row + step], [begin[0] + row, *begin[1:]])
                for row in range(0, len(tile), step)
            ]
        )

    def _centers(self, strip: npt.NDArray[Any], begin: Sequence[int]) -> Centers:
        ids, starts, lengths = _runs(strip)
        names, where = np.unique(ids, return_inverse=True)
        weights = np.bincount(where, lengths, len(names)).astype(np.float64)
        points = {}
        places = np.unravel_index(starts, strip.shape)
        for axis, start, place, zoom in zip(self.axes, begin, places, self.zoom, strict=True):
            along = (lengths - 1) / 2 if axis == self.axes[-1] else 0.0  # a run lies along the last axis
            middle = (place + start + along + 0.5) * zoom
            points[axis] = np.bincount(where, lengths * middle, len(names)) / weights
        in_order = [points[axis] for axis in ("x", "y", "z") if axis in points]
        return Centers(names.astype(np.int64), np.column_stack(in_order), weights)


Ints = npt.NDArray[np.int64]


def _runs(tile: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Ints, Ints]:
    """Label, position and length of each run of equal pixels in a row; without the background, 0."""
    begins = np.empty(tile.shape, bool)
    begins[..., :1] = True
    np.not_equal(tile[..., 1:], tile[..., :-1], out=begins[..., 1:])
    starts = np.flatnonzero(begins)
    labels = tile.ravel()[starts]
    lengths = np.diff(starts, append=tile.size)
    cells = labels != 0
    return labels[cells], starts[cells], lengths[cells]


def describe_labels(name: str, group: Any, wrap: Callable[[Any], StoredArray]) -> tuple[Labels, ...]:
    """The levels of an image, the finest first; reads metadata only.

    Raises
    ------
    BadInputError
        If it is no image of labels. The message is the reason only.
    """
    described = multiscale_of(group)
    axes = tuple(axes_of(described))
    if axes not in (("y", "x"), ("z", "y", "x")):
        raise BadInputError(f"labels must have the axes y and x, or z, y and x, got {', '.join(axes)[:40]}")
    paths = [str(each["path"]) for each in described.get("datasets", ()) if "path" in each]
    arrays = [wrap(group[path]) for path in paths]
    if not arrays:
        raise BadInputError("it has no image")
    for values in arrays:
        if values.dtype.kind not in "iu" or len(values.shape) != len(axes) or 0 in values.shape:
            raise BadInputError(
                f"labels must be whole numbers with {len(axes)} axes, got {values.dtype} of shape "
                f"{values.shape}"
            )
        chunk = int(np.prod(values.storage().chunks or values.shape, dtype=np.int64)) * values.dtype.itemsize
        if chunk > _LARGEST_CHUNK:
            raise BadInputError(f"its chunks of {format_nbytes(chunk)} are too large")
    full = arrays[0].shape
    return tuple(
        Labels(name, values, axes, tuple(a / b for a, b in zip(full, values.shape, strict=True)))
        for values in arrays
    )
