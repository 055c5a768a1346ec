"""Half as many pixels in each direction: a level of a pyramid from the one before."""

from __future__ import annotations

import numpy as np

from karospace_stream.images.slide import Pixels

_BAND = 128  # rows of the result that are computed at a time, so that the sums stay small
_SUMS = {"uint8": np.uint16, "uint16": np.uint32, "float32": np.float64}


def halved(values: Pixels) -> Pixels:
    """The mean of the up to 2 x 2 pixels of each; whole numbers are rounded, halves up."""
    height, width = values.shape[:2]
    shape = (-(-height // 2), -(-width // 2), *values.shape[2:])
    made = np.empty(shape, values.dtype)
    for start in range(0, shape[0], _BAND):
        made[start : start + _BAND] = _halved(values[2 * start : 2 * (start + _BAND)])
    return made


def _halved(values: Pixels) -> Pixels:
    sums = np.asarray(values, _SUMS[values.dtype.name])
    odd_height, odd_width = (length % 2 == 1 for length in values.shape[:2])
    sums = _paired(sums, odd=odd_height)
    sums = np.moveaxis(_paired(np.moveaxis(sums, 1, 0), odd=odd_width), 0, 1)
    if values.dtype.kind == "f":
        made: Pixels = (sums / 4).astype(values.dtype)
        return made
    return np.asarray((sums + 2) // 4, values.dtype)


def _paired(sums: Pixels, *, odd: bool) -> Pixels:
    """Sums of two lines each; a single last line counts twice, which is its own mean."""
    even = sums[: len(sums) // 2 * 2]
    made: Pixels = even[0::2] + even[1::2]
    return np.concatenate([made, 2 * sums[-1:]]) if odd else made
