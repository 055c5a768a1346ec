"""Outlier quantiles of a latent space: the rule as it is written, cell by cell."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from karospace_stream.derive.outliers_v1 import Tile
from karospace_stream.derive.outliers_v2 import latent_quantiles


def by_the_rule(
    codes: npt.NDArray[np.int32], points: npt.NDArray[np.float32], n: int, least: int
) -> npt.NDArray[np.float32]:
    """One number after another, as the format's page says it."""
    found = np.full(len(codes), np.nan, np.float32)
    for category in range(n):
        cells = np.flatnonzero(codes == category)
        if len(cells) < least:
            continue
        centre = np.zeros(points.shape[1])
        for cell in cells:
            centre += points[cell].astype(np.float64)
        centre /= len(cells)
        away = np.zeros(len(cells))
        for column in range(points.shape[1]):
            difference = points[cells, column].astype(np.float64) - centre[column]
            away += difference * difference
        away = np.sqrt(away)
        for index, cell in enumerate(cells):
            found[cell] = np.float32(np.count_nonzero(away <= away[index])) / np.float32(len(cells))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_every_cell_however_tiles_are_cut(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_cells, n_dims, n = (int(rng.integers(1, most)) for most in (400, 6, 9))
    codes = rng.integers(-1, n, n_cells).astype(np.int32)
    points = (rng.normal(size=(n_cells, n_dims)) * 10.0 ** rng.integers(-3, 8)).astype(np.float32)
    if seed % 2:
        points = np.round(points)  # equal distances
    least = int(rng.integers(1, 30))
    cuts = sorted({0, n_cells, *rng.integers(0, n_cells + 1, 5).tolist()})

    def tiles() -> Iterator[Tile]:
        for start, stop in itertools.pairwise(cuts):
            yield codes[start:stop], points[start:stop]

    counts = np.bincount(codes[codes >= 0], minlength=n)
    found = latent_quantiles(tiles, counts, n_dims, min_points=least)
    taken = np.concatenate([found.take(part) for part, _ in tiles()])
    np.testing.assert_array_equal(taken, by_the_rule(codes, points, n, least))
