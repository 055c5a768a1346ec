"""The first look at shapes: how many there are in each square of a grid, by which tiles are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.bounds import Bounds
from karospace_stream.encode.packed_text import packed_text, unpacked_text
from karospace_stream.formats.karospace.tissue.shapes.plan import TILE_SHAPES
from karospace_stream.formats.karospace.tissue.shapes.rings import Rings

SIDE = 256  # squares of the grid, along each axis


@dataclass(frozen=True, slots=True)
class ShapesSurvey:
    """Some pieces, looked through.

    Attributes
    ----------
    counts
        Shapes and vertices in each square, compressed, as text: a ledger holds it.
    """

    counts: str
    n_shapes: int
    n_vertices: int
    n_unknown: int
    n_broken: int
    n_holes: int

    def grids(self) -> npt.NDArray[np.int64]:
        """``(2, SIDE x SIDE)``: shapes, and their vertices."""
        return np.frombuffer(unpacked_text(self.counts), "<u4").reshape(2, -1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Grid:
    """The squares, over the bounds of the cells; shapes beyond them are in the squares at the edge."""

    low: tuple[float, float]
    high: tuple[float, float]

    @classmethod
    def over(cls, bounds: Bounds) -> Grid:
        """The grid over an embedding in 2-D."""
        (left, top), (right, bottom) = bounds.minimum[:2], bounds.maximum[:2]
        return cls((left, top), (right, bottom)) if left <= right and top <= bottom else cls((0, 0), (0, 0))

    def squares(self, rings: Rings) -> npt.NDArray[np.int64]:
        """The square of the centre of each ring."""
        low, high = rings.boxes()
        size = np.subtract(self.high, self.low)
        scale = SIDE / np.where(size > 0, size, 1)
        at = np.clip(np.floor(((low + high) / 2 - self.low) * scale), 0, SIDE - 1).astype(np.int64)
        return at[:, 1] * SIDE + at[:, 0]


class Counting:
    """Counts the shapes of some pieces."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._counts = np.zeros((2, SIDE * SIDE), np.uint32)
        self._n = np.zeros(3, np.int64)

    def add(self, rings: Rings) -> None:
        """Count some."""
        squares = self._grid.squares(rings)
        np.add.at(self._counts[0], squares, 1)
        np.add.at(self._counts[1], squares, rings.lengths.astype(np.uint32))
        self._n += (rings.n_unknown, rings.n_broken, rings.n_holes)

    def finish(self) -> ShapesSurvey:
        """The result."""
        packed = packed_text(self._counts.astype("<u4").tobytes())
        n_shapes, n_vertices = self._counts.sum(axis=1, dtype=np.int64).tolist()
        return ShapesSurvey(packed, n_shapes, n_vertices, *self._n.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Tiling:
    """Which tile each square belongs to, and which tiles each pack has.

    Attributes
    ----------
    tiles
        Number of the tile of each square; neighbouring tiles have near numbers.
    pack_cuts
        Tiles at which packs begin, and their end.
    """

    tiles: npt.NDArray[np.int64]
    pack_cuts: tuple[int, ...]


def tiling(surveys: Sequence[ShapesSurvey], n_packs: int) -> Tiling:
    """Cut the grid into tiles with some thousand shapes each, halving the larger side of what is too many."""
    shapes, vertices = np.sum([each.grids() for each in surveys], axis=0).reshape(2, SIDE, SIDE)
    tiles, n_tiles = np.zeros((SIDE, SIDE), np.int64), 0
    weights = list[int]()
    waiting = [(0, SIDE, 0, SIDE)]
    while waiting:
        top, bottom, left, right = waiting.pop()
        count = int(shapes[top:bottom, left:right].sum())
        height, width = bottom - top, right - left
        if count <= TILE_SHAPES or height * width == 1:
            tiles[top:bottom, left:right] = n_tiles
            n_tiles += bool(count)
            if count:
                weights.append(int(vertices[top:bottom, left:right].sum()))
        elif height > width:
            middle = top + height // 2
            waiting += [(middle, bottom, left, right), (top, middle, left, right)]
        else:
            middle = left + width // 2
            waiting += [(top, bottom, middle, right), (top, bottom, left, middle)]
    return Tiling(tiles.ravel(), _cuts(weights, n_packs))


def _cuts(weights: Sequence[int], n_packs: int) -> tuple[int, ...]:
    """Bounds of as many ranges, of about equal weight."""
    ends = np.cumsum(weights)
    total = int(ends[-1]) if len(ends) else 0
    goals = [total * number // n_packs for number in range(1, n_packs)]
    inner = np.searchsorted(ends, goals, side="left") + 1 if total else np.zeros(n_packs - 1, np.int64)
    return (0, *np.minimum(inner, len(weights)).tolist(), len(weights))
