"""Checksums, and whether two compressed texts say the same."""

from __future__ import annotations

import zlib

from isal import isal_zlib

_GZIP = b"\x1f\x8b"
_MEMBER = 31  # zlib's wbits for a gzip header and trailer


def checksum(data: bytes) -> int:
    """CRC-32, as of gzip and zip."""
    return int(isal_zlib.crc32(data))


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two objects are equal, or two gzip members hold the same."""
    if one == other:
        return True
    if not (one.startswith(_GZIP) and other.startswith(_GZIP)):
        return False
    try:
        return zlib.decompress(one, _MEMBER) == zlib.decompress(other, _MEMBER)
    except zlib.error:
        return False
