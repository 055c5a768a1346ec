"""Shards of a Zarr v3 store: several chunks in one object, with an index of their positions at its end."""

from __future__ import annotations

from collections.abc import Sequence

import google_crc32c
import numpy as np

_EMPTY = np.iinfo(np.uint64).max
"""The index entry of a chunk that holds zeros only."""


def shard_bytes(chunks: Sequence[bytes | None], per_shard: int) -> bytes | None:
    """One shard, or None if all of its chunks hold zeros only.

    The index has an offset and a length for each chunk (uint64), and a CRC-32C, as zarr-python's own.

    Parameters
    ----------
    chunks
        Encoded, in C order; None for one that is not stored.
    per_shard
        How many a complete shard has: the last one of an array may have fewer.
    """
    if all(chunk is None for chunk in chunks):
        return None
    index = np.full((per_shard, 2), _EMPTY, "<u8")
    at = 0
    for number, chunk in enumerate(chunks):
        if chunk is not None:
            index[number] = at, len(chunk)
            at += len(chunk)
    table = index.tobytes()
    check = google_crc32c.value(table).to_bytes(4, "little")
    return b"".join([*(chunk for chunk in chunks if chunk is not None), table, check])
