"""Lay boxes out in a grid, one beside the other, each of its own size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from karospace_stream.derive.sections.boxes import Box

_GAP = 0.1  # of the median side of a box
_ASPECT = 4 / 3  # width by height of the whole: about that of the stage
_FINE = 1 / 256  # of the gap: how finely boxes are put


@dataclass(frozen=True, slots=True)
class Grid:
    """The shift of each box, and the number of columns."""

    shifts: tuple[tuple[float, float], ...]
    n_columns: int


def lay_out(boxes: Sequence[Box], *, y_down: bool) -> Grid:
    """Move boxes into the rows of a grid, from left to right and from the top.

    The first one stays where it is. A column is as wide, and a row as high, as its largest box; each box
    lies in the middle of its field. Shifts are whole multiples of a power of two that suits the gap, so that
    adding one to a coordinate of few digits is exact.

    Parameters
    ----------
    y_down
        Whether the top is where y is small.
    """
    sides = sorted(side for box in boxes for side in (box.width, box.height))
    gap = _GAP * (sides[len(sides) // 2] or sides[-1] or 1.0)
    best = min(range(1, len(boxes) + 1), key=lambda n: abs(math.log(_aspect(boxes, n, gap) / _ASPECT)))
    step = 2.0 ** math.floor(math.log2(gap * _FINE))
    middles = _middles(boxes, best, gap, y_down=y_down)
    moved = [
        (x - (box.left / 2 + box.right / 2), y - (box.top / 2 + box.bottom / 2))
        for box, (x, y) in zip(boxes, middles, strict=True)
    ]
    first = moved[0]
    return Grid(
        tuple((_round(x - first[0], step), _round(y - first[1], step)) for x, y in moved), n_columns=best
    )


def _aspect(boxes: Sequence[Box], n_columns: int, gap: float) -> float:
    widths, heights = _sizes(boxes, n_columns, gap)
    return sum(widths) / sum(heights)


def _sizes(boxes: Sequence[Box], n_columns: int, gap: float) -> tuple[list[float], list[float]]:
    """Widths of the columns and heights of the rows, with the gap."""
    widths = [max(box.width for box in boxes[at::n_columns]) + gap for at in range(n_columns)]
    rows = [boxes[at : at + n_columns] for at in range(0, len(boxes), n_columns)]
    return widths, [max(box.height for box in row) + gap for row in rows]


def _middles(boxes: Sequence[Box], n_columns: int, gap: float, *, y_down: bool) -> list[tuple[float, float]]:
    widths, heights = _sizes(boxes, n_columns, gap)
    lefts, tops = ([0.0, *accumulate(sizes)] for sizes in (widths, heights))
    sense = 1 if y_down else -1
    return [
        (
            lefts[at % n_columns] + widths[at % n_columns] / 2,
            sense * (tops[at // n_columns] + heights[at // n_columns] / 2),
        )
        for at in range(len(boxes))
    ]


def _round(value: float, step: float) -> float:
    return round(value / step) * step + 0.0  # no negative zero
