"""Checksums, and whether two compressed texts say the same."""

from __future__ import annotations

import zlib

from isal import isal_zlib

_BEGINNINGS = (b"\x1f\x8b", b"\x78")  # of a gzip member, of a zlib stream
_EITHER = 47  # zlib's wbits for one of both, told by its header


def checksum(data: bytes) -> int:
    """CRC-32, as of gzip and zip."""
    return int(isal_zlib.crc32(data))


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two objects are equal, or two gzip members or zlib streams hold the same."""
    if one == other:
        return True
    if not (one.startswith(_BEGINNINGS) and other.startswith(_BEGINNINGS)):
        return False
    try:
        return zlib.decompress(one, _EITHER) == zlib.decompress(other, _EITHER)
    except zlib.error:
        return False
