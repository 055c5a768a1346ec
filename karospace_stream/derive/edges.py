"""Values derived from the edges of a graph."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def longest_row(n_cells: int, ends: Iterable[npt.NDArray[np.integer]]) -> int:
    """Neighbours of the cell that has most: the longest row of the symmetric matrix.

    Needs 4 bytes a cell, and 8 a value of the longest piece.

    Parameters
    ----------
    ends
        Pieces of cell numbers, one for each neighbour that a cell has: the sources and the targets
        of all edges, and every cell that is its own neighbour once.
    """
    counts = np.zeros(n_cells, np.uint32)
    for piece in ends:
        np.add.at(counts, piece.astype(np.intp), np.uint32(1))
    return int(counts.max(initial=0))
