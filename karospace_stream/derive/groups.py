"""Sums and distances within categories, a tile of cells at a time.

Every number is the same to the last bit, however the cells were cut into tiles: as
NumPy would compute it from all cells of a category at once, in float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

Codes = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float32]

_SLICE_NBYTES = 1 << 20
_SHORT = 32


@dataclass(frozen=True, slots=True)
class Runs:
    """The cells of a tile, category by category, in cell order within one.

    Attributes
    ----------
    rows
        Rows of the tile, without those outside the wanted categories.
    categories, starts, lengths
        For each category that is there: its code, where its rows begin in ``rows``, how many.
    """

    rows: npt.NDArray[np.int64]
    categories: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]

    def __iter__(self) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
        """Yield each category with its rows."""
        for category, start, length in zip(
            self.categories.tolist(), self.starts.tolist(), self.lengths.tolist(), strict=True
        ):
            yield category, self.rows[start : start + length]

    def only(self, which: npt.NDArray[np.bool_]) -> Runs:
        """The runs of some of the categories."""
        return Runs(self.rows, self.categories[which], self.starts[which], self.lengths[which])


def runs_of(codes: Codes, wanted: npt.NDArray[np.bool_]) -> Runs:
    """Group a tile by category.

    Parameters
    ----------
    codes
        ``(n,)``; see `indices`.
    wanted
        ``(n_categories,)``: which categories count; the others are as good as missing.
    """
    groups = indices(codes, len(wanted))
    kept = np.flatnonzero(np.append(wanted, False)[groups])
    own = groups[kept]
    if len(wanted) <= np.iinfo(np.uint16).max:
        own = own.astype(np.uint16)  # a type that NumPy sorts by radix
    order = np.argsort(own, kind="stable")
    ordered = own[order]
    starts = np.flatnonzero(np.diff(ordered.astype(np.int64), prepend=-1))
    lengths = np.diff(starts, append=len(ordered))
    return Runs(kept[order], ordered[starts].astype(np.int64), starts, lengths)


def indices(codes: Codes, n_categories: int) -> npt.NDArray[np.intp]:
    """Codes of any integer type as indices; ``n_categories`` where missing.

    Codes that belong to no category are missing: -1, or the 255 or 65,535 of written codes.
    """
    groups = codes.astype(np.intp)
    groups[(groups < 0) | (groups >= n_categories)] = n_categories
    return groups


def count_categories(counts: npt.NDArray[np.int64], codes: Codes) -> None:
    """Add a tile's cells to the count of their category, in place."""
    n = len(counts)
    counts += np.bincount(indices(codes, n), minlength=n + 1)[:n]


class Grouped:
    """One number for each cell, stored category by category.

    Costs 4 bytes (8 in float64) for each cell of a wanted category, and 16 bytes a category.

    Parameters
    ----------
    counts
        ``(n_categories,)``: cells of each category; those with 0 are not stored.
    dtype
        Type in which the numbers are stored.
    """

    def __init__(
        self, counts: npt.NDArray[np.int64], dtype: type[np.float32] | type[np.float64] = np.float32
    ) -> None:
        self.wanted = counts > 0
        self._ends = np.cumsum(counts)
        self._counts = counts
        self.values: npt.NDArray[Any] = np.empty(int(self._ends[-1]) if len(counts) else 0, dtype)
        self._put, self._taken = self._ends - counts, self._ends - counts

    def put(self, codes: Codes, values: npt.NDArray[np.floating]) -> None:
        """Store the numbers of a tile's cells; tiles come in cell order."""
        runs = runs_of(codes, self.wanted)
        self.values[_positions(runs, self._put)] = values[runs.rows]

    def take(self, codes: Codes) -> Floats:
        """Return the numbers of a tile's cells, float32, in cell order; NaN if none was stored."""
        runs = runs_of(codes, self.wanted)
        values = np.full(len(codes), np.nan, np.float32)
        values[runs.rows] = self.values[_positions(runs, self._taken)]
        return values

    def of(self, category: int) -> npt.NDArray[Any]:
        """The numbers of one category in cell order: a view."""
        end = int(self._ends[category])
        return self.values[end - int(self._counts[category]) : end]


def _positions(runs: Runs, cursors: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    shift = np.repeat(cursors[runs.categories] - runs.starts, runs.lengths)
    cursors[runs.categories] += runs.lengths
    return np.arange(len(runs.rows)) + shift


class CategoryMeans:
    """Mean of the points of each category that has enough cells.

    Costs ``4 * n_dims`` bytes a category; with one dimension 4 bytes a cell more, since NumPy
    adds the numbers of a single column in pairs and not one after another.

    Parameters
    ----------
    counts
        ``(n_categories,)``: expected cells of each category.
    min_points
        Categories with fewer cells are left out.
    """

    def __init__(self, counts: npt.NDArray[np.int64], n_dims: int, min_points: int) -> None:
        self._counts = np.where(counts >= min_points, counts, 0)
        self._wanted = self._counts > 0
        self._sums = np.full((len(counts), n_dims), -0.0, np.float32)  # to which anything adds as itself
        self._single = Grouped(self._counts) if n_dims == 1 else None

    def add(self, codes: Codes, points: Floats) -> None:
        """Add a tile: ``(n,)`` codes and ``(n, n_dims)`` points, in cell order."""
        if self._single is not None:
            self._single.put(codes, points[:, 0])
            return
        runs = runs_of(codes, self._wanted)
        short = runs.lengths <= _SHORT
        with np.errstate(over="ignore", invalid="ignore"):
            _add_one_by_one(self._sums, runs.only(short), points)
            for category, rows in runs.only(~short):
                own = np.empty((len(rows) + 1, points.shape[1]), np.float32)
                own[0] = self._sums[category]
                np.take(points, rows, axis=0, out=own[1:], mode="clip")  # unbuffered
                self._sums[category] = np.add.reduce(own, axis=0)  # row after row

    def means(self, what: str) -> Floats:
        """``(n_categories, n_dims)`` means; NaN for categories with too few cells.

        Parameters
        ----------
        what
            Where the points come from, for the message.

        Raises
        ------
        BadInputError
            If a mean is not finite.
        """
        if self._single is not None:
            for category in np.flatnonzero(self._wanted).tolist():
                with np.errstate(over="ignore", invalid="ignore"):
                    self._sums[category] = np.add.reduce(self._single.of(category))
        means = np.full(self._sums.shape, np.nan, np.float32)
        wanted = self._wanted
        means[wanted] = self._sums[wanted].astype(np.float64) / self._counts[wanted, None]
        if not np.isfinite(means[wanted]).all():
            raise BadInputError(
                f"The values of {what} must be finite, but some are NaN, infinite or too large to add; "
                "leave out those cells, or choose another."
            )
        return means


def _add_one_by_one(sums: Floats, runs: Runs, points: Floats) -> None:
    """Add the first row of every category, then the second, and so on: fast if each has few."""
    for row in range(int(runs.lengths.max(initial=0))):
        left = runs.lengths > row
        sums[runs.categories[left]] += points[runs.rows[runs.starts[left] + row]]


def distances(codes: Codes, points: Floats, means: Floats) -> Floats:
    """Euclidean distance of each cell of a tile to the mean of its category.

    Parameters
    ----------
    codes
        ``(n,)``; see `indices`.
    points, means
        ``(n, n_dims)`` and ``(n_categories, n_dims)``.

    Returns
    -------
    ``(n,)`` float32; NaN without a category and in categories without a mean.
    """
    groups = indices(codes, len(means))
    centres = np.concatenate([means, np.full((1, points.shape[1]), np.nan, np.float32)])
    away = np.empty(len(codes), np.float32)
    step = max(1, _SLICE_NBYTES // (4 * points.shape[1]))
    for start in range(0, len(codes), step):  # so that temporaries stay small
        part = slice(start, start + step)
        with np.errstate(over="ignore", invalid="ignore"):
            away[part] = np.linalg.norm(points[part] - centres[groups[part]], axis=1)
    return away
