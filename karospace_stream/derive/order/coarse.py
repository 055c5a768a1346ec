"""Coordinates in 16 bits within their bounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

STEPS = 65_534
#: For points without coordinates.
NOWHERE = 65_535


def coarse_steps(values: npt.NDArray[np.floating], low: float, high: float) -> npt.NDArray[np.uint16]:
    """Finite coordinates as steps from the lowest to the highest value."""
    width = high - low
    if not 0 < width < np.inf:
        return np.zeros(len(values), np.uint16)
    exact = values.astype(np.float64)
    return np.clip(np.rint((exact - low) / width * STEPS), 0, STEPS).astype(np.uint16)
