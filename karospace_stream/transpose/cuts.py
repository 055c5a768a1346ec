"""Cut lines into blocks of limited size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def cut_lines(
    lines: npt.NDArray[np.int64],
    before: npt.NDArray[np.int64],
    most_values: int,
    most_lines: int,
    even: int = 1,
) -> tuple[int, ...]:
    """Cut greedily: each block as long as both limits allow, and at least one step.

    If a block contains a line that is a multiple of ``even``, it ends there.
    """
    last = len(lines) - 1
    by_values = np.searchsorted(before, before + most_values, side="right") - 1
    by_lines = np.searchsorted(lines, lines + most_lines, side="right") - 1
    furthest, here = np.minimum(by_values, by_lines), np.arange(last + 1)
    if even > 1:
        evenly = np.searchsorted(lines, lines[furthest] // even * even)
        furthest = np.where((evenly > here) & (furthest < last), evenly, furthest)
    following = np.minimum(np.maximum(furthest, here + 1), last).tolist()
    at, cuts = 0, [0]
    while at < last:
        at = following[at]
        cuts.append(int(lines[at]))
    return tuple(cuts)
