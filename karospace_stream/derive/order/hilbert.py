"""Ranks of points along a curve that fills the plane: points of successive ranks are close together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_BITS = 16

Steps = npt.NDArray[np.uint16]
Keys = npt.NDArray[np.uint32]


def hilbert_keys(x: Steps, y: Steps) -> Keys:
    """Where points of a square of 65,536 x 65,536 lie along a Hilbert curve.

    The curve begins at (0, 0) and ends at (65535, 0).
    """
    across, up = x.astype(np.uint32), y.astype(np.uint32)
    keys = np.zeros(len(x), np.uint32)
    for bit in range(_BITS - 1, -1, -1):
        right, top = across >> bit & 1, up >> bit & 1
        keys <<= 2
        keys |= (3 * right) ^ top
        # The quarters at the bottom are turned: mirrored on the right, and both with the axes exchanged.
        mirrored = (right & (1 - top)) * np.uint32((1 << _BITS) - 1)
        across ^= mirrored
        up ^= mirrored
        exchanged = (across ^ up) * (1 - top)
        across ^= exchanged
        up ^= exchanged
    return keys
