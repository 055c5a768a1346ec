"""Groups of cells by several columns at once: the combinations of their categories that some cell has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.signedinteger]
_TILE = 1 << 18


def flat_codes(parts: Sequence[Codes], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """One number for each combination, in the order of the first column, then of the second; -1 for none.

    Parameters
    ----------
    parts
        Category of every cell in each column, -1 where it has none.
    sizes
        Categories of each column.
    """
    flat = np.zeros(len(parts[0]), np.int64)
    missing = np.zeros(len(parts[0]), bool)
    for codes, size in zip(parts, sizes, strict=True):
        flat *= size
        flat += codes
        missing |= codes < 0
    flat[missing] = -1
    return flat


def combined_codes(
    parts: Sequence[Codes], sizes: Sequence[int], combinations: Sequence[int]
) -> npt.NDArray[np.int32]:
    """The group of every cell: the position of its combination among those that there are, -1 for none.

    Parameters
    ----------
    combinations
        Results of `flat_codes` that occur, sorted.
    """
    there = np.asarray(combinations, np.int64)
    groups = np.empty(len(parts[0]), np.int32)
    for begin in range(0, len(groups), _TILE):
        part = slice(begin, begin + _TILE)
        flat = flat_codes([each[part] for each in parts], sizes)
        groups[part] = np.where(flat < 0, -1, np.searchsorted(there, flat))
    return groups


def categories_of(combinations: Sequence[int], sizes: Sequence[int]) -> list[npt.NDArray[np.int64]]:
    """The category of each combination in each column."""
    left = np.asarray(combinations, np.int64)
    found = []
    for size in reversed(sizes):
        left, codes = np.divmod(left, size)
        found.append(codes)
    return found[::-1]
