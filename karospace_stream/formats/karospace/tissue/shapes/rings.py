"""Rings as they are written: open, of finite coordinates, with the number of their cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.karospace.tissue.shapes.cells import CellFinder
from karospace_stream.model.inputs.farthest import FARTHEST
from karospace_stream.model.inputs.shapes import NO_CELL, Outlines, ShapeReader

_FEWEST = 3  # vertices of a ring


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Some rings, without their closing vertex.

    Attributes
    ----------
    starts
        Where the vertices of each begin, and their end.
    n_unknown, n_broken, n_holes
        Shapes of no exported cell, those of too few vertices or without coordinates, and holes: all left out.
    """

    cells: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    vertices: npt.NDArray[np.float64]
    n_unknown: int = 0
    n_broken: int = 0
    n_holes: int = 0

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Vertices of each."""
        return np.diff(self.starts)

    def boxes(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The lowest and the highest coordinates of each."""
        if not len(self.cells):
            return np.empty((0, 2)), np.empty((0, 2))
        low = np.minimum.reduceat(self.vertices, self.starts[:-1])
        return low, np.maximum.reduceat(self.vertices, self.starts[:-1])

    def only(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Rings:
        """Some of them, in the order that is given."""
        which = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        lengths = self.lengths[which]
        starts = np.zeros(len(which) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        at = np.repeat(self.starts[:-1][which] - starts[:-1], lengths) + np.arange(starts[-1])
        return Rings(self.cells[which], starts, self.vertices[at])


def read_rings(reader: ShapeReader, piece: int, finder: CellFinder) -> Iterator[Rings]:
    """The rings of a piece that are written, some at a time, moved to the section of their cell."""
    for outlines in reader.read(piece):
        yield _rings(outlines, finder)


def join(several: list[Rings]) -> Rings:
    """Several as one."""
    if not several:
        return Rings(np.empty(0, np.uint32), np.zeros(1, np.int64), np.empty((0, 2)))
    starts = np.zeros(sum(len(each.cells) for each in several) + 1, np.int64)
    np.cumsum(np.concatenate([each.lengths for each in several]), out=starts[1:])
    return Rings(
        np.concatenate([each.cells for each in several]),
        starts,
        np.concatenate([each.vertices for each in several]),
    )


def _rings(outlines: Outlines, finder: CellFinder) -> Rings:
    n_shapes = len(outlines.starts) - 1
    if outlines.names is None:
        cells, known = np.full(n_shapes, NO_CELL, np.uint32), np.ones(n_shapes, np.bool_)
    else:
        cells = finder.find(outlines.names)
        known = cells != NO_CELL
    starts, lengths = outlines.starts[:-1], np.diff(outlines.starts)
    ends = np.maximum(outlines.starts[1:] - 1, starts)
    vertices = outlines.vertices
    if len(vertices):
        safe = np.minimum(starts, len(vertices) - 1)
        is_closed = (lengths > 1) & (vertices[safe] == vertices[np.minimum(ends, len(vertices) - 1)]).all(
            axis=1
        )
        lengths = lengths - is_closed
    bad = np.zeros(len(vertices) + 1, np.int64)
    np.cumsum(~(np.abs(vertices) < FARTHEST).all(axis=1), out=bad[1:])
    whole = (lengths >= _FEWEST) & (bad[outlines.starts[1:]] == bad[starts])
    kept = known & whole
    # The starts of the original rings, with the lengths of the open ones.
    which = np.flatnonzero(kept)
    taken = lengths[which]
    made = np.zeros(len(which) + 1, np.int64)
    np.cumsum(taken, out=made[1:])
    places = vertices[np.repeat(starts[which] - made[:-1], taken) + np.arange(made[-1])]
    if finder.shifts is not None and outlines.names is not None:
        places = places + np.repeat(finder.shifts[cells[which]], taken, axis=0)
    n_unknown = int(np.count_nonzero(~known))
    n_broken = int(np.count_nonzero(known & ~whole))
    return Rings(cells[which], made, places, n_unknown, n_broken, outlines.n_holes)
