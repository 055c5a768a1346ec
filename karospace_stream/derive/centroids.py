"""Centroids of categories in an embedding, without the outlying cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.groups import CategoryMeans, Grouped, distances, indices

Tile = tuple[npt.NDArray[np.integer], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Centroid:
    """The position of a category's label.

    Attributes
    ----------
    category
        Its code.
    position
        float32 numbers, one for each dimension.
    n_points
        Cells whose mean it is.
    """

    category: int
    position: tuple[float, ...]
    n_points: int


def centroids(
    read: Callable[[], Iterable[Tile]],
    counts: npt.NDArray[np.int64],
    n_dims: int,
    *,
    quantile: float,
    min_points: int,
    what: str,
) -> tuple[Centroid, ...]:
    """Centroids of one column in one embedding. Reads the tiles three times.

    The mean of the category's points; the cells farther from it than the ``quantile`` of the
    distances are dropped and the mean computed again, if ``min_points`` cells remain.

    Costs 4 bytes a cell for the distances (then 4 more where ``n_dims`` is 1), and
    ``4 * n_dims + 32`` bytes a category.

    Parameters
    ----------
    read
        Yields tiles in cell order: ``(n,)`` codes of any integer type (missing is what is no
        category's code), and ``(n, n_dims)`` float32 normalised points.
    counts
        ``(n_categories,)``: cells of each category (`groups.count_categories`).
    quantile
        Between 0.5 and 1.
    min_points
        At least 1; categories with fewer cells have no centroid.
    what
        The embedding's name, for messages.

    Returns
    -------
    Of the categories with enough cells, in their order.
    """
    first = CategoryMeans(counts, n_dims, min_points)
    for codes, points in read():
        first.add(codes, points)
    means = first.means(what)
    limits, n_inside = _limits(read, counts, means, quantile, min_points)
    trimmed = _trimmed(read, means, limits, n_inside, min_points, what)
    found = []
    for category in np.flatnonzero(counts >= min_points).tolist():
        enough = n_inside[category] >= min_points
        position = (trimmed if enough else means)[category]
        used = (n_inside if enough else counts)[category]
        found.append(Centroid(category, tuple(position.tolist()), int(used)))
    return tuple(found)


def _limits(
    read: Callable[[], Iterable[Tile]],
    counts: npt.NDArray[np.int64],
    means: npt.NDArray[np.float32],
    quantile: float,
    min_points: int,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The largest distance that counts, and how many cells are within, of each category."""
    # With just enough cells none may be dropped, whatever their distance.
    kept = Grouped(np.where(counts > min_points, counts, 0))
    for codes, points in read():
        kept.put(codes, distances(codes, points, means))
    limits = np.full(len(counts), np.inf)
    n_inside = counts.copy()
    for category in np.flatnonzero(kept.wanted).tolist():
        own = kept.of(category)
        limits[category] = np.quantile(own, quantile, overwrite_input=True)
        n_inside[category] = np.count_nonzero(own <= np.float32(limits[category]))
    return limits, n_inside


def _trimmed(
    read: Callable[[], Iterable[Tile]],
    means: npt.NDArray[np.float32],
    limits: npt.NDArray[np.float64],
    n_inside: npt.NDArray[np.int64],
    min_points: int,
    what: str,
) -> npt.NDArray[np.float32]:
    again = CategoryMeans(n_inside, means.shape[1], min_points)
    nearest = np.append(limits, -np.inf).astype(np.float32)
    for codes, points in read():
        groups = indices(codes, len(means))
        inside = distances(codes, points, means) <= nearest[groups]
        again.add(np.where(inside, groups, -1), points)
    return again.means(what)
