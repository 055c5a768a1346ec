"""Sections: labels and boxes of groups, the grid in which they are laid out, and how overlap is seen."""

from __future__ import annotations

import numpy as np
import pytest

from karospace_stream.derive.sections.boxes import Box, GroupBoxes
from karospace_stream.derive.sections.grid import lay_out
from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.derive.sections.overlap import (
    IRREGULAR,
    MOST_OVERLAP,
    REGULAR,
    central,
    overlap,
    regularity,
    regularity_within,
)
from karospace_stream.derive.sections.shift import shifted
from karospace_stream.model.column import Column
from karospace_stream.model.sections import Arrangement

ARRANGEMENT = Arrangement(
    ("obsm", "spatial"), "section", ("1", "2", None), ((0.0, 0.0), (100.0, 0.0), (0.0, 64.0)), 2
)


@pytest.mark.parametrize(
    "column",
    [
        Column("section", "category", np.array([1, 0, -1, 1], np.int32), categories=("1", "2")),
        Column(
            "section",
            "string",
            np.array(["2", "1", "", "2"], object),
            missing=np.array([False, False, True, False]),
        ),
        Column("section", "integer", np.array([2, 1, 7, 2]), missing=np.array([False, False, True, False])),
    ],
    ids=["category", "string", "integer"],
)
def test_cells_move_by_the_shift_of_their_group(column: Column) -> None:
    names, codes = labels_of(column)
    assert [names[code] for code in codes.tolist()] == ["2", "1", None, "2"]
    points = np.array([[1, 2, 3], [np.nan, 5, 6], [7, np.inf, 9], [0.5, 0, 0]], np.float32)
    moved = shifted(points, column, ARRANGEMENT)
    expected = [[101, 2, 3], [np.nan, 5, 6], [7, np.inf, 9], [100.5, 0, 0]]
    np.testing.assert_array_equal(moved, expected)


def test_a_group_without_a_field_stays() -> None:
    column = Column("section", "category", np.array([0, 1], np.int32), categories=("9", "2"))
    np.testing.assert_array_equal(shifted(np.zeros((2, 2)), column, ARRANGEMENT), [[0, 0], [100, 0]])


def test_boxes_are_the_same_in_any_tiles() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(1_000, 3))
    points[rng.random(1_000) < 0.1, 1] = np.nan
    codes = rng.integers(-1, 4, 1_000).astype(np.int32)
    codes[codes == 2] = 0  # a category without cells
    names = ("a", "b", "c", "d")
    for step in (1_000, 300, 1):
        boxes = GroupBoxes()
        for start in range(0, 1_000, step):
            part = slice(start, start + step)
            boxes.add(*labels_of(Column("c", "category", codes[part], categories=names)), points[part])
        assert boxes.counts == {
            None: (codes < 0).sum(),
            **{n: (codes == k).sum() for k, n in enumerate(names) if n != "c"},
        }
        assert set(boxes.boxes) == {None, "a", "b", "d"}
        own = points[(codes == 1) & np.isfinite(points).all(axis=1), :2]
        assert boxes.boxes["b"] == Box(*own.min(axis=0), *own.max(axis=0))


def test_a_group_without_places_has_no_box() -> None:
    boxes = GroupBoxes()
    boxes.add(["a", None], np.array([0, 0]), np.full((2, 2), np.nan))
    assert boxes.counts == {"a": 2}
    assert boxes.boxes == {}


def moved(box: Box, shift: tuple[float, float]) -> Box:
    return Box(box.left + shift[0], box.top + shift[1], box.right + shift[0], box.bottom + shift[1])


@pytest.mark.parametrize("y_down", [True, False])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 12, 60])
def test_a_grid_keeps_boxes_apart_and_in_order(n: int, y_down: bool) -> None:
    rng = np.random.default_rng(n)
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h in (rng.uniform(0, 900, 4) + 1e5 for _ in range(n))]
    grid = lay_out(boxes, y_down=y_down)
    laid = [moved(box, shift) for box, shift in zip(boxes, grid.shifts, strict=True)]
    assert grid.shifts[0] == (0, 0)
    for at, one in enumerate(laid):
        for other in laid[:at]:
            is_beside = one.left > other.right or one.right < other.left
            is_over = one.top > other.bottom or one.bottom < other.top
            assert is_beside or is_over
    sense = 1 if y_down else -1
    for at, one in enumerate(laid[1:], 1):
        if at % grid.n_columns:
            assert one.left > laid[at - 1].right
        else:
            assert sense * (one.top - laid[at - grid.n_columns].top) > 0


def test_shifts_add_without_rounding() -> None:
    boxes = [Box(0, 0, 1000, 800)] * 12
    shifts = np.array(lay_out(boxes, y_down=True).shifts)
    coordinates = np.round(np.random.default_rng(0).uniform(0, 1000, (12, 2)), 0).astype(np.float32)
    there = (coordinates + shifts).astype(np.float32)
    np.testing.assert_array_equal(there.astype(np.float64) - shifts, coordinates)


def test_boxes_without_extent_are_laid_out_too() -> None:
    grid = lay_out([Box(5, 5, 5, 5)] * 4, y_down=True)
    assert len(set(grid.shifts)) == 4


def test_twelve_of_one_size_make_a_grid_of_the_stage() -> None:
    assert lay_out([Box(0, 0, 1000, 1000)] * 12, y_down=True).n_columns == 4


RNG = np.random.default_rng(5)


def section(n: int, kind: str) -> np.ndarray:
    """A section of about 1,000 units: cells at random, cells that keep a distance, or spots of a slide."""
    if kind == "random":
        return RNG.uniform(0, 1000, (n, 2))
    side = int(np.ceil(np.sqrt(n)))
    column, row = np.meshgrid(np.arange(side, dtype=float), np.arange(side, dtype=float))
    points = np.stack([column.ravel() + 0.5 * (row.ravel() % 2), row.ravel()], axis=1)
    if kind == "cells":
        points += RNG.uniform(-0.3, 0.3, points.shape)
    return points[RNG.permutation(len(points))[:n]] * (1000 / side)


def on_top(n_sections: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    each = [section(1_500, kind) * RNG.uniform(0.8, 1.2) + RNG.uniform(0, 80, 2) for _ in range(n_sections)]
    return np.concatenate(each), np.repeat(np.arange(n_sections), 1_500)


@pytest.mark.parametrize("n_sections", [2, 12])
@pytest.mark.parametrize("kind", ["random", "cells", "spots"])
def test_sections_on_top_of_each_other_are_seen(kind: str, n_sections: int) -> None:
    points, codes = on_top(n_sections, kind)
    assert overlap(points, codes) > 0.7
    if kind != "random":  # which no tissue is
        assert regularity(points) < 0.35 < IRREGULAR
        assert regularity_within(points, codes) > 0.65 > REGULAR


@pytest.mark.parametrize("kind", ["random", "cells", "spots"])
def test_sections_side_by_side_are_not(kind: str) -> None:
    for step, most in ((1_100, 0.0), (900, 0.3)):  # apart, and touching by a tenth
        points = np.concatenate(
            [np.add(section(500, kind), (step * (at % 4), step * (at // 4))) for at in range(12)]
        )
        assert overlap(points, np.repeat(np.arange(12), 500)) <= most < MOST_OVERLAP


@pytest.mark.parametrize("kind", ["cells", "spots"])
def test_cell_types_of_one_section_are_not(kind: str) -> None:
    points = section(6_000, kind)
    types = RNG.integers(0, 8, len(points))
    assert overlap(points, types) > 0.9
    assert regularity(points) > 0.6 > IRREGULAR


def test_stray_cells_make_no_overlap() -> None:
    points = np.concatenate([section(500, "cells"), np.add(section(500, "cells"), (2_000, 0))])
    codes = np.repeat([0, 1], 500)
    points[0], points[999] = (9_000, 9_000), (-9_000, -9_000)
    assert overlap(points, codes) < 0.01


def test_groups_of_few_cells_and_none_do_not_count() -> None:
    points = section(500, "cells")
    assert overlap(points, np.full(500, -1)) == 0
    assert overlap(points, np.r_[np.zeros(495, int), np.ones(5, int)]) == 0
    assert regularity_within(points, np.full(500, -1)) == 0


@pytest.mark.parametrize(("n_cells", "n_groups"), [(200, 18), (200, 2), (320, 3), (1_000, 9)])
def test_groups_at_random_are_never_taken_for_sections(n_cells: int, n_groups: int) -> None:
    random = np.random.default_rng(7)
    found = [
        regularity_within(random.random((n_cells, 2)), random.integers(0, n_groups, n_cells))
        for _ in range(200)
    ]
    assert max(found) < REGULAR - 0.04


def test_the_middle_of_a_large_tissue_is_one_window() -> None:
    points = RNG.uniform(0, 1, (50_000, 2)) * (4, 1)
    near = points[central(points)]
    assert len(near) == 20_000
    assert near[:, 0].min() > 0.6
    assert near[:, 0].max() < 3.4
