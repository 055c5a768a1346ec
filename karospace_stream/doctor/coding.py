"""``Content-Encoding``: how a host encoded a body in transit."""

from __future__ import annotations

import zlib

_MAGIC = b"\x1f\x8b\x08"


def is_gzip(data: bytes) -> bool:
    """Whether the bytes begin like a gzip file."""
    return data.startswith(_MAGIC)


def inflate(data: bytes, limit: int) -> bytes:
    """Inflate the beginning, at most ``limit`` bytes.

    Raises
    ------
    ValueError
        If it is not gzip.
    """
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, limit)
    except zlib.error as error:
        raise ValueError(str(error)) from error


def deflated_nbytes(data: bytes) -> int:
    """Size after gzip, as hosts compress in transit."""
    return len(zlib.compress(data, 6)) + 12  # a gzip frame is this much longer than a zlib frame
