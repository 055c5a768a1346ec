"""Rows of several inputs, one after another: which rows of which input a range takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Heights of inputs that lie one below the other.

    Attributes
    ----------
    starts
        int64: the first row of each input, and the number of all rows.
    """

    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, heights: list[int]) -> Stack:
        """Stack inputs of these heights."""
        return cls(np.concatenate([[0], np.cumsum(np.asarray(heights, np.int64))]).astype(np.int64))

    @property
    def n_rows(self) -> int:
        """Rows of all inputs."""
        return int(self.starts[-1])

    @property
    def heights(self) -> list[int]:
        """Rows of each input."""
        heights: list[int] = np.diff(self.starts).tolist()
        return heights

    def within(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """The inputs that the rows ``start`` to ``stop`` touch: the number of each, and its own rows."""
        first = int(np.searchsorted(self.starts, start, side="right")) - 1
        for number in range(max(first, 0), len(self.starts) - 1):
            begin, end = int(self.starts[number]), int(self.starts[number + 1])
            if begin >= stop:
                return
            if end > start and end > begin:
                yield number, max(start, begin) - begin, min(stop, end) - begin
