"""Scores of cells as columns of obs: stand-ins while an export is planned, then values in scratch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import TargetError
from karospace_stream.source.elements.arrays import Storage
from karospace_stream.storage import Store

_DTYPE = np.dtype("<f4")
_STEP = np.uint64(2_654_435_761)  # spreads numbers over 32 bits


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """The scores of some sets in some exported cells, set after set, in scratch."""

    key: str
    first_set: int
    n_sets: int
    first_cell: int
    n_cells: int


@dataclass(frozen=True, slots=True)
class PendingScores:
    """Values that nobody computed yet: numbers of their size, so that files can be planned."""

    key: str
    n_rows: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Length."""
        return (self.n_rows,)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values."""
        return np.dtype(np.float32)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Numbers from 0 to 1."""
        rows = np.arange(self.n_rows, dtype=np.uint64)[bounds]
        return (((rows * _STEP) & np.uint64(0xFFFFFFFF)) / 2**32).astype(np.float32)

    def storage(self) -> Storage:
        """Nowhere."""
        return Storage()


@dataclass(frozen=True, slots=True, eq=False)
class StoredScores:
    """The scores of one set, NaN for cells that are not exported.

    Attributes
    ----------
    cells
        Source rows of the exported cells, sorted; None for all.
    """

    key: str
    n_rows: int
    store: Store
    number: int
    files: tuple[ScoreFile, ...]
    cells: npt.NDArray[np.int64] | None

    @property
    def shape(self) -> tuple[int, ...]:
        """Length."""
        return (self.n_rows,)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values."""
        return np.dtype(np.float32)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read some rows of the source."""
        start, stop, _ = bounds[0].indices(self.n_rows) if bounds else (0, self.n_rows, 1)
        if self.cells is None:
            return self._exported(start, stop)
        first, end = np.searchsorted(self.cells, (start, stop)).tolist()
        values = np.full(stop - start, np.nan, np.float32)
        values[self.cells[first:end] - start] = self._exported(first, end)
        return values

    def storage(self) -> Storage:
        """In files of its own."""
        return Storage()

    def _exported(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        ranges = []
        for file in self.files:
            first, end = max(start, file.first_cell), min(stop, file.first_cell + file.n_cells)
            if first < end:
                before = (self.number - file.first_set) * file.n_cells - file.first_cell
                ranges.append((file.key, 4 * (before + first), 4 * (before + end)))
        try:
            pieces = self.store.read_ranges(ranges) if ranges else []
        except (OSError, EOFError) as error:
            raise TargetError(f"--scratch {self.store.shown}: scores could not be read: {error}") from error
        return np.frombuffer(b"".join(pieces), _DTYPE).astype(np.float32)


def score_column(
    key: str, n_rows: int, store: Store, number: int, files: Sequence[ScoreFile], cells: Any
) -> StoredScores:
    """The column of one set, from the files that hold it."""
    own = [each for each in files if each.first_set <= number < each.first_set + each.n_sets]
    own.sort(key=lambda each: each.first_cell)
    return StoredScores(key, n_rows, store, number, tuple(own), cells)


def score_bytes(values: npt.NDArray[np.floating]) -> bytes:
    """Scores of sets x cells as stored."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values, _DTYPE).tobytes()
