"""The order of cells: along a curve, spread over it, in levels; the same on any machine."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest

from karospace_stream.derive.order.boxes import boxes
from karospace_stream.derive.order.coarse import NOWHERE, coarse_steps
from karospace_stream.derive.order.counting import places
from karospace_stream.derive.order.fair import FAIR_NBYTES, FairOrder, fair_order, inverse
from karospace_stream.derive.order.hilbert import hilbert_keys
from karospace_stream.derive.order.levels import BLOCK, FIRST_LEVEL, block_cuts, fair_levels
from karospace_stream.derive.order.priority import priorities, scrambled, unscrambled

Points = np.ndarray


def order_of(points: Points, codes: Points | None = None, *, seed: int = 0, tile: int = 65_536) -> FairOrder:
    """Cells ordered by their coordinates; those of a row with a NaN have none."""
    placed = np.isfinite(points).all(axis=1)
    x, y = (
        np.where(
            placed,
            coarse_steps(np.nan_to_num(axis), np.nanmin(axis), np.nanmax(axis)),
            NOWHERE,
        ).astype(np.uint16)
        for axis in points.T
    )
    cuts = pairwise([*range(0, len(points), tile), len(points)])
    return fair_order(((x[a:b], y[a:b]) for a, b in cuts), len(points), codes=codes, seed=seed)


def some_points(n_cells: int, seed: int = 1) -> Points:
    return np.random.default_rng(seed).normal(size=(n_cells, 2))


def test_the_curve_visits_each_point_once_and_goes_to_its_neighbour() -> None:
    x, y = np.meshgrid(np.arange(64, dtype=np.uint16), np.arange(64, dtype=np.uint16))
    keys = hilbert_keys(x.ravel(), y.ravel())
    assert sorted(keys.tolist()) == list(range(64 * 64))
    ordered = np.argsort(keys)
    steps = np.abs(np.diff(x.ravel()[ordered].astype(int))) + np.abs(np.diff(y.ravel()[ordered].astype(int)))
    assert (steps == 1).all()


def test_the_ends_of_the_curve() -> None:
    ends = np.array([0, 65_535], np.uint16)
    assert hilbert_keys(ends, np.zeros(2, np.uint16)).tolist() == [0, 2**32 - 1]


def curve_position(x: int, y: int) -> int:
    """The same by the textbook, one point at a time."""
    side, key = 1 << 16, 0
    half = side >> 1
    while half:
        right, top = int(x & half > 0), int(y & half > 0)
        key += half * half * ((3 * right) ^ top)
        if not top:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return key


def test_the_curve_is_that_of_the_textbook() -> None:
    x, y = np.random.default_rng(5).integers(0, 65_536, (2, 500)).astype(np.uint16)
    expected = [curve_position(*each) for each in zip(x.tolist(), y.tolist(), strict=True)]
    assert hilbert_keys(x, y).tolist() == expected


def test_priorities_are_reversed_bits() -> None:
    ranks = np.array([0, 1, 2, 3, 0b1011, 2**32 - 2, 123_456_789], np.uint32)
    assert priorities(ranks, 0).tolist() == [int(f"{rank:032b}"[::-1], 2) for rank in ranks.tolist()]
    assert ranks.tolist()[-1] == 123_456_789  # as before


@pytest.mark.parametrize("seed", [0, 1, 20_261_201])
def test_first_ranks_are_spread(seed: int) -> None:
    order = np.argsort(priorities(np.arange(1000, dtype=np.uint32), seed))
    for n_first in range(1, 1000, 7):
        each = np.bincount(order[:n_first] // 125, minlength=8)
        assert np.abs(each - n_first / 8).max() < 4, n_first


def test_seeds_differ() -> None:
    ranks = np.arange(100, dtype=np.uint32)
    assert len({tuple(np.argsort(priorities(ranks, seed)).tolist()) for seed in range(20)}) == 20


def test_scrambled_rows_are_found_again() -> None:
    rows = np.array([0, 1, 2, 77, 2**31, 2**32 - 1], np.uint32)
    assert len(set(scrambled(rows).tolist())) == 6
    assert unscrambled(scrambled(rows)).tolist() == rows.tolist()


def test_items_are_placed_as_by_a_stable_sort() -> None:
    codes = np.random.default_rng(2).integers(0, 7, 150_000)
    codes[codes == 3] = 0
    found = places(lambda start, stop: codes[start:stop], len(codes), np.bincount(codes, minlength=7))
    expected = np.empty(len(codes), int)
    expected[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    assert (found == expected).all()


@pytest.mark.parametrize("n_cells", [0, 1, 2, FIRST_LEVEL, FIRST_LEVEL + 1, 300_000])
def test_every_cell_once_and_levels_to_the_end(n_cells: int) -> None:
    order = order_of(some_points(n_cells)) if n_cells else fair_order([], 0)
    assert np.array_equal(np.sort(order.rows), np.arange(n_cells))
    assert order.levels == fair_levels(n_cells)
    assert order.levels[0] == 0
    assert order.levels[-1] == n_cells
    assert (np.diff(order.levels) > 0).all() or not n_cells
    assert np.array_equal(inverse(order.rows)[order.rows], np.arange(n_cells))


def test_no_more_levels_than_fit_a_byte() -> None:
    assert len(fair_levels(2**32 - 1)) < 256
    levels = np.asarray(fair_levels(10_000_000))
    assert (np.diff(levels)[1:] <= levels[1:-1] / 16).all()


def test_cells_of_a_level_are_along_the_curve() -> None:
    points = some_points(200_000)
    order = order_of(points)
    x, y = (coarse_steps(axis, axis.min(), axis.max()) for axis in points.T)
    keys = hilbert_keys(x, y)[order.rows]
    for start, stop in list(pairwise(order.levels))[1:]:
        assert (np.diff(keys[start:stop].astype(np.int64)) >= 0).all()


def test_a_level_goes_on_where_the_one_before_it_ends() -> None:
    """A cell of a level has a lower priority than all cells before it, wherever levels are cut."""
    points = some_points(200_000)
    order, ranks = order_of(points), np.empty(200_000, np.uint32)
    x, y = (coarse_steps(axis, axis.min(), axis.max()) for axis in points.T)
    along = np.lexsort((scrambled(np.arange(200_000, dtype=np.uint32)), hilbert_keys(x, y)))
    ranks[along] = np.arange(200_000)
    first = priorities(ranks, 0)[order.rows]
    for cut in order.levels[1:-1]:
        assert first[:cut].max() < first[cut:].min()


def test_the_same_on_any_machine_and_for_any_tiles() -> None:
    """A digest, so that a change of the order is on purpose: bundles of two versions would differ."""
    rows = np.arange(100_000, dtype=np.int64)
    points = np.stack([rows * 7919 % 10_007, rows * 104_729 % 5_003], axis=1).astype(float)
    codes = (rows % 7).astype(np.int8)
    found = [
        sha256(order_of(points, codes, seed=3, tile=tile).rows.astype("<u4").tobytes()).hexdigest()[:16]
        for tile in (65_536, 1_000)
    ]
    assert found == ["d62ea44373efc64b"] * 2


def test_cells_without_coordinates_are_in_every_prefix() -> None:
    points = some_points(100_000)
    nowhere = np.random.default_rng(3).random(100_000) < 0.05
    points[nowhere, 1] = np.nan
    order = order_of(points)
    found = np.cumsum(nowhere[order.rows])
    for n_first in (200, 1_000, 10_000, 65_536, 70_000, 90_000):
        assert found[n_first - 1] / n_first == pytest.approx(nowhere.mean(), rel=0.08), n_first


def test_rows_that_repeat_in_a_rhythm_at_one_place() -> None:
    """Cells of eight samples in turn, all at one place, are no lattice that a sample could meet."""
    points, sample = np.zeros((80_000, 2)), np.arange(80_000) % 8
    order = order_of(points)
    shares = np.bincount(sample[order.rows[:8_000]], minlength=8) / 8_000
    assert shares == pytest.approx(np.full(8, 1 / 8), rel=0.1)


def test_boxes_hold_their_cells() -> None:
    points = some_points(80_000).astype(np.float32)
    points[np.random.default_rng(8).random(80_000) < 0.2] = np.nan
    order = order_of(points.astype(float))
    cuts = block_cuts(order.levels)
    assert set(order.levels) <= set(cuts)
    assert max(np.diff(cuts)) <= BLOCK
    found = boxes(points[order.rows], cuts)
    for box, (start, stop) in zip(found, pairwise(cuts), strict=True):
        own = points[order.rows[start:stop]]
        ends = [*np.fmin.reduce(own), *np.fmax.reduce(own)]  # none in the last block of a level
        assert np.array_equal(box, ends, equal_nan=True)


def test_a_block_without_coordinates_has_no_box() -> None:
    assert np.isnan(boxes(np.full((5, 2), np.nan, np.float32), (0, 5))).all()


def test_blocks_of_late_levels_are_small() -> None:
    """The cells of a block are neighbours: a view of a part of the picture needs few blocks."""
    points = np.random.default_rng(4).random((1_000_000, 2)).astype(np.float32)
    order = order_of(points.astype(float))
    found = boxes(points[order.rows], block_cuts(order.levels))
    areas = (found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1])
    assert np.median(areas[-200:]) < 0.03


@pytest.mark.parametrize("by", [False, True])
def test_memory(by: bool) -> None:
    points, codes = some_points(1_000_000), np.zeros(1_000_000, np.int16) if by else None
    x, y = (coarse_steps(axis, axis.min(), axis.max()) for axis in points.T)
    tiles = [(x[a : a + 65_536], y[a : a + 65_536]) for a in range(0, 1_000_000, 65_536)]
    tracemalloc.start()
    try:
        fair_order(tiles, 1_000_000, codes=codes)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (FAIR_NBYTES + 4) * 1_000_000  # and a few tiles
