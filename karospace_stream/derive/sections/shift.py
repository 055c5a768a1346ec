"""Shift the cells of a tile to the layout of their groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.model.column import Column
from karospace_stream.model.sections import Arrangement


def shifted(
    points: npt.NDArray[np.floating], column: Column, arrangement: Arrangement
) -> npt.NDArray[np.float64]:
    """Coordinates ``(n, 2 or more)`` plus the shift of each cell's group, in float64; NaN stays NaN."""
    names, codes = labels_of(column)
    by_code = np.array([arrangement.shift(name) for name in names])
    moved = points.astype(np.float64)
    moved[:, :2] += by_code[codes]
    return moved
