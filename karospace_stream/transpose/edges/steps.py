"""Cut a band that holds more entries than memory allows into ranges of keys.

Bands are cut before any entry is read; a cell that is the neighbour of a million others
makes one that is too long. Counting its keys in buckets, and those of an overlong bucket in
finer ones, costs another reading each time, and never more memory.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

_BUCKET_BITS = 12

Histogram = Callable[[int, int, int, int], npt.NDArray[np.int64]]
"""``(begin, end, shift, n_buckets)`` → keys from begin to end in each bucket of ``2**shift``."""


def cut_steps(
    histogram: Histogram, begin: int, end: int, n_keys: int, most: int
) -> list[tuple[int, int, int]]:
    """Ranges of keys, in order, with at most ``most`` keys each, and how many each has.

    Both entries of a pair (keys that differ in the last bit) stay together. Only repeats of a
    single pair can make a range that is longer than ``most``.

    Parameters
    ----------
    begin, end
        The keys of the band, both even.
    n_keys
        How many there are.
    """
    if n_keys <= most or end - begin <= 2:
        return [(begin, end, n_keys)] if n_keys else []
    shift = max(1, (end - begin - 1).bit_length() - _BUCKET_BITS)
    counts = histogram(begin, end, shift, ((end - begin - 1) >> shift) + 1)
    found: list[tuple[int, int, int]] = []
    at, held = begin, 0
    for bucket, count in enumerate(counts.tolist()):
        left = begin + (bucket << shift)
        if held + count > most:
            if held:
                found.append((at, left, held))
            at, held = left, 0
        if count > most:
            at = min(end, left + (1 << shift))
            found += cut_steps(histogram, left, at, count, most)
        else:
            held += count
    return [*found, (at, end, held)] if held else found


def count_keys(
    keys: npt.NDArray[np.uint64], begin: int, end: int, shift: int, n_buckets: int
) -> npt.NDArray[np.int64]:
    """The part of a histogram that belongs to some keys."""
    inside = keys[(keys >= np.uint64(begin)) & (keys < np.uint64(end))]
    buckets = (inside - np.uint64(begin)) >> np.uint64(shift)
    return np.bincount(buckets.astype(np.int64), minlength=n_buckets)
