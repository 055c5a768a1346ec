"""Boxes around blocks of cells, by which a page finds those in sight."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt


def boxes(points: npt.NDArray[np.float32], cuts: Sequence[int]) -> npt.NDArray[np.float32]:
    """The smallest value of each axis of each block, then the largest; NaN for a block without coordinates.

    Parameters
    ----------
    points
        ``(n_cells, n_dims)``, NaN for cells without coordinates.
    cuts
        First cells of the blocks, and the number of all cells.
    """
    found = np.full((len(cuts) - 1, 2, points.shape[1]), np.nan, np.float32)
    for box, (start, stop) in zip(found, pairwise(cuts), strict=True):
        if start < stop:
            np.fmin.reduce(points[start:stop], axis=0, out=box[0])
            np.fmax.reduce(points[start:stop], axis=0, out=box[1])
    return found.reshape(len(found), -1)
