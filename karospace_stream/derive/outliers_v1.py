"""Outlier quantiles of cells within their category, in the latent space."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.groups import CategoryMeans, Grouped, distances

Tile = tuple[npt.NDArray[np.integer], npt.NDArray[np.float32]]

_RANKED = 1 << 16
_CACHED = 1 << 12


def outlier_quantiles(
    read: Callable[[], Iterable[Tile]],
    counts: npt.NDArray[np.int64],
    n_dims: int,
    *,
    min_points: int,
    what: str,
) -> Grouped:
    """Outlier quantile of each cell. Reads the tiles twice.

    The share of the category's cells whose distance to the category's mean is no larger than
    the cell's own.

    Costs 4 bytes for each cell, 4 more for each cell of the largest category while that is
    sorted (where ``n_dims`` is 1: for each cell, during the first reading), and
    ``4 * n_dims + 32`` bytes a category.

    Parameters
    ----------
    read
        Yields tiles in cell order: ``(n,)`` codes of any integer type (missing is what is no
        category's code), and ``(n, n_dims)`` float32 rows of the latent space.
    counts
        ``(n_categories,)``: cells of each category (`groups.count_categories`).
    min_points
        At least 1; cells of categories with fewer have no quantile.
    what
        The latent space's name, for messages.

    Returns
    -------
    ``values`` holds the quantiles of all cells that have one, in no cell order;
    ``take(codes)``, called with the codes of one tile after another, returns them in cell order,
    NaN for the others.

    Raises
    ------
    BadInputError
        If a category's mean is not finite.
    """
    sums = CategoryMeans(counts, n_dims, min_points)
    for codes, points in read():
        sums.add(codes, points)
    means = sums.means(what)
    del sums
    kept = Grouped(np.where(counts >= min_points, counts, 0))
    for codes, points in read():
        kept.put(codes, distances(codes, points, means))
    rank(kept)
    return kept


def rank(kept: Grouped) -> None:
    """Turn distances into the share of the category's cells that are no farther, in place."""
    for category in np.flatnonzero(kept.wanted).tolist():
        own = kept.of(category)
        ordered = np.sort(own)
        for start in range(0, len(own), _RANKED):  # so that temporaries stay small
            part = own[start : start + _RANKED]
            # Neighbours in order access the same parts of a large array, which stay in the cache.
            order = np.argsort(part) if len(own) > _CACHED else slice(None)
            ranks = np.searchsorted(ordered, part[order], side="right")
            part[order] = ranks.astype(np.float32) / np.float32(len(own))
