"""Shapes of an input: boundaries of cells, each a ring of vertices with the name of its cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

#: Stands for a shape that belongs to no cell.
NO_CELL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Some shapes.

    Attributes
    ----------
    names
        The name of the cell of each: int64, or text as ``object``; None if shapes belong to no cells.
    starts
        Where the vertices of each begin, int64, and their end.
    vertices
        float64 ``(n, 2)``, in the coordinates of the embedding. A ring may be closed or not.
    n_holes
        How many holes were dropped.
    """

    names: npt.NDArray[Any] | None
    starts: npt.NDArray[np.int64]
    vertices: npt.NDArray[np.float64]
    n_holes: int = 0


class ShapeReader(Protocol):
    """Reads the shapes of one file. Picklable; holds nothing open."""

    @property
    def n_shapes(self) -> int:
        """How many there are, as far as metadata tell."""
        ...

    @property
    def n_vertices(self) -> int:
        """How many vertices all have together, roughly."""
        ...

    @property
    def n_pieces(self) -> int:
        """Parts that can be read by themselves."""
        ...

    @property
    def piece_nbytes(self) -> int:
        """Memory that reading a piece takes."""
        ...

    def read(self, piece: int) -> Iterator[Outlines]:
        """Read a piece, some shapes at a time, always in the same order."""
        ...


@dataclass(frozen=True, slots=True)
class ShapesInfo:
    """Shapes that belong to an input.

    Attributes
    ----------
    key
        The entry of obsm in whose coordinates they are; empty for those of the tissue.
    column
        The column of obs with the names of their cells; empty for the names of obs.
    region
        The column and the value of the cells that they can belong to; None for all.
    are_cells
        Whether they belong to cells at all.
    """

    name: str
    key: str
    reader: ShapeReader
    column: str = ""
    region: tuple[str, str] | None = None
    are_cells: bool = True
