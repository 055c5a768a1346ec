"""Test whether a matrix is its own transpose, from its entries in any order, without holding them.

Each off-diagonal entry gives a 64-bit hash of (the lower of its cells, the higher, the bits of its
value), which is added for an entry above the diagonal and subtracted for one below. The sum of a symmetric
matrix is zero; that of another matrix is zero with a probability of one in 2**64.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.integer]

_MASK = (1 << 64) - 1


class Balance:
    """Adds up entries, block by block. Each entry may be added only once."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, rows: Cells, columns: Cells, values: npt.NDArray[np.float64]) -> None:
        """Take entries off the diagonal, none of which is zero."""
        hashes = _mixed(values.view(np.uint64))
        for cells in (np.maximum(rows, columns), np.minimum(rows, columns)):
            hashes = _mixed(hashes + cells.astype(np.uint64))
        above = rows < columns
        self._sum += int(np.add.reduce(hashes[above])) - int(np.add.reduce(hashes[~above]))
        self._sum &= _MASK

    @property
    def is_symmetric(self) -> bool:
        """Whether every entry so far has its other one."""
        return self._sum == 0


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Every bit of the result depends on every bit: the finaliser of splitmix64."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
