"""How well data compress, told from some of them."""

from __future__ import annotations

from karospace_stream.encode.gzip import gzip_bytes


def packed_share(data: bytes, level: int) -> float:
    """Compressed bytes for each byte of the second half, that is without the cost of a file by itself."""
    half = len(data) // 2
    if not half:
        return 1.0
    return (len(gzip_bytes(data, level)) - len(gzip_bytes(data[:half], level))) / (len(data) - half)
