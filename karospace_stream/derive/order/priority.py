"""Which of some ranks come first, so that the first ones are spread evenly over all ranks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]

_PAIRS = ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F))
_FACTOR = 0x9E3779B1  # odd, so that the product can be undone
_INVERSE = pow(_FACTOR, -1, 1 << 32)


def priorities(ranks: Numbers, seed: int) -> Numbers:
    """A number for each rank, the lowest come first: its bits reversed (van der Corput), changed by the seed.

    The ranks with numbers below any limit are spread over all ranks as evenly as possible. The seed exchanges
    halves, quarters and so on, and this stays so.
    """
    values = ranks.byteswap()
    for width, mask in _PAIRS:
        low = values & np.uint32(mask)
        values >>= np.uint32(width)
        values &= np.uint32(mask)
        low <<= np.uint32(width)
        values |= low
    values ^= np.uint32(mixed_seed(seed))
    return values


def mixed_seed(seed: int) -> int:
    """The seed as 32 bits that are all affected by it; 0 for 0."""
    value = seed & 0xFFFFFFFF
    for _ in range(2):
        value ^= value >> 16
        value = value * 0x45D9F3B & 0xFFFFFFFF
    return value ^ value >> 16


def scrambled(rows: Numbers) -> Numbers:
    """Other numbers for rows, each its own: cells at the same place are ranked without regard to their rows.

    Rows often repeat in some rhythm, such as one row of each sample in turn; a sample that takes every eighth
    rank would meet it.
    """
    mixed = rows * np.uint32(_FACTOR)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(_FACTOR)
    return mixed


def unscrambled(numbers: Numbers) -> Numbers:
    """The rows of such numbers."""
    mixed = numbers * np.uint32(_INVERSE)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(_INVERSE)
    return mixed
