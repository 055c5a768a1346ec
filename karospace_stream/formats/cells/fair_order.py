"""The order of cells in which every prefix is a fair sample: planned, and made once in each process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.bounds import Bounds
from karospace_stream.derive.order.coarse import NOWHERE, coarse_steps
from karospace_stream.derive.order.fair import FAIR_NBYTES, fair_order, inverse
from karospace_stream.derive.order.hilbert import Steps
from karospace_stream.derive.order.levels import fair_levels
from karospace_stream.derive.points import has_position
from karospace_stream.formats.cells.bounds import coords_bounds
from karospace_stream.formats.cells.tiles import TILE, read_coords
from karospace_stream.formats.genes.side_plan import SidePlan
from karospace_stream.formats.genes.side_reading import read_side_inputs
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.runtime.shared_values import shared_value

Numbers = npt.NDArray[np.uint32]
_TILE_NBYTES = 96 * TILE


@dataclass(frozen=True, slots=True)
class FairOrderPlan:
    """How cells are ordered.

    Attributes
    ----------
    embedding
        The coordinates by which they are.
    column, side
        A column whose categories have a fair share besides, and how it is read; None for none.
    """

    n_cells: int
    embedding: EmbeddingChoice
    column: str | None
    side: SidePlan | None
    seed: int = 0

    @property
    def levels(self) -> tuple[int, ...]:
        """The first cell of each level, and the number of all cells."""
        return fair_levels(self.n_cells)

    @property
    def held_nbytes(self) -> int:
        """Memory of each process that writes cells: the row of each cell, and the cell of each row."""
        return 8 * self.n_cells

    @property
    def cost(self) -> StageCost:
        """Memory of the first task of a process, which makes the order."""
        codes = 0 if self.side is None else self.side.held_nbytes + self.side.loading_nbytes
        return StageCost("order", FAIR_NBYTES * self.n_cells + codes + _TILE_NBYTES, 1)


@dataclass(frozen=True, slots=True, eq=False)
class HeldOrder:
    """An order in the memory of this process.

    Attributes
    ----------
    rows
        The exported row of each cell.
    cells
        The cell of each exported row.
    """

    rows: Numbers
    cells: Numbers

    def moved(
        self, rows: npt.NDArray[np.integer], values: npt.NDArray[np.float32]
    ) -> tuple[Numbers, npt.NDArray[np.float32]]:
        """Values of some rows by their cells, ascending.

        Cell and value are sorted as one number: half the time of an argsort, and for one cell in two less
        than that of a vector of all cells.
        """
        both = self.cells[rows].astype(np.uint64)
        both <<= np.uint64(32)
        both |= values.view(np.uint32)
        both.sort()
        stored = both.astype(np.uint32).view(np.float32)
        both >>= np.uint64(32)
        return both.astype(np.uint32), stored


#: Memory of `HeldOrder.moved` for each value, bytes.
MOVED_NBYTES = 16


@contextmanager
def held_order(source: Source, selection: Selection, plan: FairOrderPlan, token: str) -> Iterator[HeldOrder]:
    """The order, which the first task of a process makes: it is the same in each of them."""
    with shared_value(token, partial(read_order, source, selection, plan)) as order:
        yield order


def read_order(source: Source, selection: Selection, plan: FairOrderPlan) -> HeldOrder:
    """Read coordinates and the column, and order the cells."""
    codes = None
    with source.kept_open():
        if plan.side is not None and plan.column is not None:
            codes = read_side_inputs(source, selection, plan.side).columns[plan.column].values
        bounds = coords_bounds(source, selection, plan.embedding)
        tiles = (
            (steps[:, 0], steps[:, 1] if steps.shape[1] > 1 else np.zeros(len(steps), np.uint16))
            for steps in coarse_tiles(source, selection, plan.embedding, bounds)
        )
        rows = fair_order(tiles, plan.n_cells, codes=codes, seed=plan.seed).rows
    cells = inverse(rows)
    for each in (rows, cells):
        each.setflags(write=False)
    return HeldOrder(rows, cells)


def coarse_tiles(
    source: Source, selection: Selection, choice: EmbeddingChoice, bounds: Bounds
) -> Iterator[Steps]:
    """Coarse coordinates ``(n, n_dims)`` of all exported cells, tile by tile."""
    for tile in read_coords(source, selection, choice, 0, selection.n_cells):
        yield coarse_tile(tile, bounds)


def coarse_tile(tile: npt.NDArray[np.floating], bounds: Bounds) -> Steps:
    """Coarse coordinates of some cells; those without are nowhere on every axis."""
    placed = has_position(tile)
    steps = np.full(tile.shape, NOWHERE, np.uint16)
    for axis, ends in enumerate(zip(bounds.minimum, bounds.maximum, strict=True)):
        steps[placed, axis] = coarse_steps(tile[placed, axis], *ends)
    return steps
