"""Positions of items sorted by a small number each, without a sort."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

TILE = 65_536

Numbers = npt.NDArray[np.uint32]


def places(
    codes_of: Callable[[int, int], npt.NDArray[np.integer]], n_items: int, counts: npt.NDArray[np.int64]
) -> Numbers:
    """The position of each item where all are sorted by their codes; items of one code stay in their order.

    Parameters
    ----------
    codes_of
        The codes of some items, from 0.
    counts
        Items of each code.
    """
    found = np.empty(n_items, np.uint32)
    ends = np.cumsum(counts) - counts
    for start, stop in pairwise([*range(0, n_items, TILE), n_items]):
        codes = codes_of(start, stop)
        order = np.argsort(codes, kind="stable")
        own = np.bincount(codes, minlength=len(ends))
        before = np.cumsum(own) - own
        found[start + order] = np.arange(stop - start) + (ends - before)[codes[order]]
        ends += own
    return found
