"""How a picture is cut: levels, tiles, and the windows of which a task makes several levels at once.

The windows of the first tier are read from the picture. Each makes the tiles of `DEPTH` levels below it, and
passes its part of the next level on to the second tier, and so on: no tile is ever decoded again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TILE = 512
#: Levels that one task makes. It does not depend on the memory, so that any run can resume another.
DEPTH = 3
_SIDE = TILE << (DEPTH - 1)  # of a window: its last level is one tile


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a level, in its pixels; ``number`` counts those of a tier."""

    number: int
    top: int
    left: int
    height: int
    width: int

    @property
    def rows(self) -> slice:
        """Rows of the level."""
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        """Columns of the level."""
        return slice(self.left, self.left + self.width)

    def meets(self, other: Window) -> bool:
        """Whether two windows of a level have pixels in common."""
        return (
            self.top < other.top + other.height
            and other.top < self.top + self.height
            and self.left < other.left + other.width
            and other.left < self.left + self.width
        )

    def reduced(self, n_levels: int) -> Window:
        """The same part so many levels further down."""
        scale = 1 << n_levels
        return Window(
            self.number,
            self.top // scale,
            self.left // scale,
            -(-self.height // scale),
            -(-self.width // scale),
        )


@dataclass(frozen=True, slots=True)
class Tier:
    """Windows of one level that are made into several levels.

    Attributes
    ----------
    level
        The first of the levels.
    n_levels
        How many.
    is_last
        Whether there are no further levels.
    """

    level: int
    n_levels: int
    is_last: bool
    windows: tuple[Window, ...]


def level_sizes(height: int, width: int) -> tuple[tuple[int, int], ...]:
    """Height and width of all levels, from the full size to the first that fits into one tile."""
    sizes = [(height, width)]
    while max(sizes[-1]) > TILE:
        sizes.append((-(-sizes[-1][0] // 2), -(-sizes[-1][1] // 2)))
    return tuple(sizes)


def tiers_of(height: int, width: int, *, lines: bool) -> tuple[Tier, ...]:
    """All tiers of a picture.

    Parameters
    ----------
    lines
        Whether it is decoded by lines of its whole width, so that windows of the first tier are as wide.
    """
    sizes = level_sizes(height, width)
    return tuple(
        Tier(
            level,
            min(DEPTH, len(sizes) - level),
            level + DEPTH >= len(sizes),
            tuple(_windows(*sizes[level], lines=lines and level == 0)),
        )
        for level in range(0, len(sizes), DEPTH)
    )


def _windows(height: int, width: int, *, lines: bool) -> Iterator[Window]:
    across = width if lines else _SIDE
    number = 0
    for top in range(0, height, _SIDE):
        for left in range(0, width, across):
            yield Window(number, top, left, min(_SIDE, height - top), min(across, width - left))
            number += 1


def tiles_of(window: Window) -> Iterator[tuple[int, int, Window]]:
    """Row and column of each tile of a window, and the part of the window that it is."""
    for top in range(0, window.height, TILE):
        for left in range(0, window.width, TILE):
            row, column = (window.top + top) // TILE, (window.left + left) // TILE
            part = Window(0, top, left, min(TILE, window.height - top), min(TILE, window.width - left))
            yield row, column, part
