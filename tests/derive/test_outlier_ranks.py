"""Ranks of large categories, looked up in order, are those of looking up one cell after another."""

from __future__ import annotations

import numpy as np
import pytest

from karospace_stream.derive.groups import Grouped
from karospace_stream.derive.outliers_v1 import rank

PART = 1 << 16


@pytest.mark.parametrize("n_cells", [1, 4_096, 4_097, PART, PART + 1, 3 * PART - 5])
@pytest.mark.parametrize("distinct", [1, 7, 1 << 30])
def test_share_of_cells_that_are_no_farther(n_cells: int, distinct: int) -> None:
    rng = np.random.default_rng(n_cells)
    away = rng.integers(0, distinct, n_cells).astype(np.float32)
    away[rng.random(n_cells) < 0.01] = np.inf
    few = rng.random(30, dtype=np.float32)
    kept = Grouped(np.array([n_cells, 0, 30]))
    codes = rng.permutation(np.repeat([0, 2], [n_cells, 30]))
    distances = np.empty(len(codes), np.float32)
    distances[codes == 0], distances[codes == 2] = away, few
    kept.put(codes, distances)
    rank(kept)
    found = kept.take(codes)
    for category, own in ((0, away), (2, few)):
        n_nearer = np.searchsorted(np.sort(own), own, side="right")
        wanted = n_nearer.astype(np.float32) / np.float32(len(own))
        np.testing.assert_array_equal(found[codes == category], wanted)
