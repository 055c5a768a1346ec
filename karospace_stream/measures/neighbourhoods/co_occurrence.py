"""Co-occurrence: how much more often than by chance cells of two groups lie within a distance.

The ratios of ``squidpy.gr.co_occurrence``. For each distance, all pairs of cells that are not farther apart
are counted, by their groups, in whole numbers. A pair is placed by arithmetic in float32, and where that is
close to a border, once more in float64: so counts are exact, and do not depend on who counts which part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Coords = npt.NDArray[np.float32]
Codes = npt.NDArray[np.signedinteger]
#: Distances, and the most cells whose pairs are all counted: of more, as many are drawn.
N_DISTANCES, MOST_CELLS = 50, 50_000
#: The most groups of a column: the counts of all pairs of groups are held at once.
MOST_GROUPS = 100
#: Pairs that are placed at once, and the memory of each.
_ROWS, _COLUMNS = 256, 2_048
PAIRS, PAIR_NBYTES = _ROWS * _COLUMNS, 48
_TASKS, _ONE_TASK_CELLS = 16, 4_000


def distances_of(coords: Coords) -> Coords | None:
    """The distances up to which pairs are counted, as ``squidpy.gr.co_occurrence`` chooses them.

    Evenly from the distance of the two cells with the smallest sum of coordinates, to half of that from the
    first of these to the cell with the largest sum. None if there is no such range.

    Parameters
    ----------
    coords
        ``(n_cells, 2)``, finite.
    """
    if len(coords) < 3:
        return None
    sums = coords.sum(axis=1)
    first, last = int(np.argmin(sums)), int(np.argmax(sums))
    sums[first] = np.inf
    second = int(np.argmin(sums))
    low, high = (
        np.float32(np.linalg.norm(coords[first].astype(np.float64) - coords[other]) / share)
        for other, share in ((second, 1), (last, 2))
    )
    if not low < high:
        return None
    return np.linspace(low, high, N_DISTANCES, dtype=np.float32)


def drawn_cells(there: npt.NDArray[np.bool_], seed: int) -> Ints:
    """The cells whose pairs are counted: all that have coordinates, or as many of them as allowed."""
    cells = np.flatnonzero(there)
    if len(cells) > MOST_CELLS:
        cells = np.sort(np.random.RandomState(seed).permutation(cells)[:MOST_CELLS])
    return cells


def row_cuts(n_cells: int) -> list[int]:
    """Cells where the work is cut into tasks of about as many pairs each, whoever does them."""
    n_tasks = 1 if n_cells <= _ONE_TASK_CELLS else _TASKS
    # Of the first x of n cells, paired with those behind them, there are x (2 n - x) / 2 pairs.
    shares = np.arange(1, n_tasks) / n_tasks
    inner = (n_cells * (1 - np.sqrt(1 - shares))).astype(int).tolist()
    return [0, *inner, n_cells]


@dataclass(frozen=True, slots=True, eq=False)
class _Bins:
    """Distances, and how to find the first that a pair is within."""

    limits: Coords
    squares: Floats
    step: np.float32
    tolerance: np.float32

    @classmethod
    def of(cls, distances: Coords) -> _Bins:
        limits = distances[1:]  # Squidpy counts nothing up to the first
        step = np.float32(distances[-1] - distances[0]) / np.float32(len(limits))
        # What rounding in float32 may move a pair by, in steps.
        tolerance = min(0.5, 1e-3 + 2e-6 * float(distances[-1]) / float(step))
        return cls(limits, limits.astype(np.float64) ** 2, step, np.float32(tolerance))

    def place(self, rows: Coords, columns: Coords) -> npt.NDArray[np.int32]:
        """For each row and column, the first distance that is not smaller, or the number of all."""
        n_limits = len(self.limits)
        x = rows[:, :1] - columns[:, 0]
        y = rows[:, 1:] - columns[:, 1]
        x *= x
        y *= y
        x += y
        np.sqrt(x, out=x)
        x -= self.limits[0]
        x /= self.step
        np.minimum(x, np.float32(n_limits + 1), out=x)  # whose square would be beyond float32 too
        np.rint(x, out=y)
        y -= x
        np.abs(y, out=y)
        close = y <= self.tolerance
        close &= x < n_limits
        np.ceil(x, out=x)
        np.clip(x, 0, n_limits, out=x)
        found = x.astype(np.int32)
        row, column = np.nonzero(close)
        apart = rows[row].astype(np.float64) - columns[column]
        found[row, column] = np.searchsorted(self.squares, (apart**2).sum(axis=1), "left")
        return found


def count_pairs(
    coords: Coords, several: Sequence[Codes], sizes: Sequence[int], distances: Coords, first: int, stop: int
) -> list[Ints]:
    """Count pairs of the cells ``first`` to ``stop`` with each cell behind them.

    Parameters
    ----------
    several
        For each grouping, the group of every cell, -1 for none.
    sizes
        Numbers of groups.

    Returns
    -------
    For each grouping, ``(n_groups, n_groups, n_distances - 1)``: pairs of which the first cell has the group
    of the row, and that are within a distance, by the first one.
    """
    bins, n_limits = _Bins.of(distances), len(distances) - 1
    # Cells without a group are in one more; pairs that are too far apart are at one more distance.
    wide = [codes.astype(np.int32) for codes in several]
    for codes, size in zip(wide, sizes, strict=True):
        codes[codes < 0] = size
    counts = [np.zeros((size + 1) * (size + 1) * (n_limits + 1), np.int64) for size in sizes]
    for top in range(first, stop, _ROWS):
        rows = slice(top, min(stop, top + _ROWS))
        for left in range(top, len(coords), _COLUMNS):
            columns = slice(left, min(len(coords), left + _COLUMNS))
            placed = bins.place(coords[rows], coords[columns])
            if left == top:  # each pair once, and no cell with itself
                placed[np.tri(*placed.shape, dtype=np.bool_)] = n_limits
            for codes, size, found in zip(wide, sizes, counts, strict=True):
                groups = codes[rows, None] * (size + 1) + codes[columns]
                groups *= n_limits + 1
                groups += placed
                found += np.bincount(groups.ravel(), minlength=len(found))
    shaped = [
        each.reshape(size + 1, size + 1, n_limits + 1) for each, size in zip(counts, sizes, strict=True)
    ]
    return [each[:-1, :-1, :-1] for each in shaped]


def ratios(counts: Ints, n_cells: Ints) -> Floats:
    """Co-occurrence from the counts of all tasks together.

    Parameters
    ----------
    n_cells
        Cells of each group among those counted.

    Returns
    -------
    ``(n_groups, n_groups, n_distances - 1)``. Of cells within a distance of a cell of the second group, the
    share that have the first group, divided by the share of the first group in all pairs. 0 if no cell lies
    within the distance, as Squidpy gives it; NaN for a group without cells.
    """
    both = counts + counts.transpose(1, 0, 2)
    within = np.cumsum(both, axis=2).astype(np.float64)
    of_second = within.sum(axis=0)
    totals = of_second.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = of_second / totals
        made = within.transpose(1, 0, 2) / of_second / shares[:, None]
    found: Floats = np.nan_to_num(made, nan=0, posinf=0)
    found[n_cells == 0] = np.nan
    found[:, n_cells == 0] = np.nan
    return found


def n_pairs(n_cells: int) -> int:
    """Pairs that are counted."""
    n_cells = min(n_cells, MOST_CELLS)
    return n_cells * (n_cells - 1) // 2


def n_tasks(n_cells: int) -> int:
    """Tasks among which pairs are divided."""
    return len(list(pairwise(row_cuts(min(n_cells, MOST_CELLS)))))
