"""Bounds of the coordinates of exported cells."""

from __future__ import annotations

from karospace_stream.derive.bounds import Bounds, bounds_of, join_bounds
from karospace_stream.formats.cells.tiles import read_coords
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source


def coords_bounds(source: Source, selection: Selection, choice: EmbeddingChoice) -> Bounds:
    """Read all coordinates, and find their bounds; infinite ones the wrong way round if there are none."""
    nothing = Bounds((float("inf"),) * choice.n_dims, (float("-inf"),) * choice.n_dims)
    tiles = read_coords(source, selection, choice, 0, selection.n_cells)
    return join_bounds([nothing, *(bounds_of(tile) for tile in tiles)])
