"""Rows in another order: which ones to read, and where they go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.source.elements.arrays import ArrayView, Storage, StoredArray

Rows = npt.NDArray[np.int64]

#: Rows of the maps that are read at a time.
PIECE = 1 << 16
_GAP = 1 << 10  # rows that are rather read than passed over


def spans(rows: Rows) -> Iterator[tuple[int, int, Any]]:
    """Ranges that hold some rows, with few others between them.

    Yields
    ------
    ``(start, stop, where)``: a range, and which of the rows lie in it.
    """
    if not len(rows):
        return
    low, high = int(rows.min()), int(rows.max()) + 1
    if high - low <= 2 * len(rows) + _GAP:
        yield low, high, slice(None)
        return
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    cuts = [0, *(np.flatnonzero(np.diff(ordered) > _GAP) + 1).tolist(), len(rows)]
    for first, last in itertools.pairwise(cuts):
        yield int(ordered[first]), int(ordered[last - 1]) + 1, order[first:last]


@dataclass(frozen=True, slots=True)
class TakenRows(ArrayView):
    """Some rows of an array, in another order; see `StoredArray`.

    Attributes
    ----------
    rows
        Their numbers.
    """

    rows: StoredArray

    @property
    def shape(self) -> tuple[int, ...]:
        """As many rows as there are numbers."""
        return (*self.rows.shape, *self.values.shape[1:])

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; see the protocol."""
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        rows, rest = self.rows.read(bounds[0]), bounds[1:]
        shape = (len(rows), *(part.stop - part.start for part in rest))
        taken = np.empty(shape, self.dtype)
        for start, stop, where in spans(rows):
            taken[where] = self.values.read(slice(start, stop), *rest)[rows[where] - start]
        return taken


@dataclass(frozen=True, slots=True)
class CommonRows:
    """Numbers of the rows that are in all of some modalities, read by range; see `StoredArray`.

    Attributes
    ----------
    maps
        Of each modality, the number of its row from 1, or 0 where it has none.
    which
        Whose numbers; None for those of the rows of the maps.
    before
        Common rows before each `PIECE` rows of the maps, and in all.
    """

    maps: tuple[StoredArray, ...]
    which: int | None
    before: tuple[int, ...]

    @property
    def key(self) -> str:
        """Location, for messages."""
        return self.maps[self.which or 0].key

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows are common."""
        return (self.before[-1],)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the numbers."""
        return np.dtype(np.int64)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read some of the numbers."""
        rows = bounds[0] if bounds else slice(0, self.shape[0])
        if rows.start >= rows.stop:
            return np.empty(0, np.int64)
        first = int(np.searchsorted(self.before, rows.start, "right")) - 1
        last = int(np.searchsorted(self.before, rows.stop, "left"))
        found = np.concatenate([self._piece(number) for number in range(first, last)])
        return found[rows.start - self.before[first] : rows.stop - self.before[first]]

    def storage(self) -> Storage:
        """Unknown."""
        return Storage()

    def _piece(self, number: int) -> Rows:
        start = number * PIECE
        stop = min(start + PIECE, self.maps[0].shape[0])
        read = [each.read(slice(start, stop)) for each in self.maps]
        common = np.flatnonzero(np.logical_and.reduce([each > 0 for each in read]))
        return common + start if self.which is None else read[self.which][common].astype(np.int64) - 1
