"""Lengths of several slides in one: there is one spot size and one scale bar for all cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SAME_SPOTS = 1.1  # spots that differ by less are drawn in one size
_SAME_LENGTH = 1.01  # a scale bar is no more exact


def common_diameter(stated: Sequence[float]) -> float | None:
    """The spot diameter of several libraries: that of the first, if the others are about as large."""
    if not stated or not max(stated) <= _SAME_SPOTS * min(stated):
        return stated[0] if len(stated) == 1 else None
    return stated[0]


def common_length(stated: Sequence[float]) -> float | None:
    """The length of several libraries, if it is one: a scale bar is for all of them."""
    is_one = bool(stated) and 0 < max(stated) <= _SAME_LENGTH * min(stated)
    return stated[0] if is_one and math.isfinite(max(stated)) else None
