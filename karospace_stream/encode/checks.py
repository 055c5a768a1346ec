"""Checksums, and whether two compressed texts have the same content."""

from __future__ import annotations

import zlib

from isal import isal_zlib

_BEGINNINGS = (b"\x1f\x8b", b"\x78")  # of a gzip member, of a zlib stream
_EITHER = 47  # zlib's wbits to detect either from its header


def checksum(data: bytes, before: int = 0) -> int:
    """CRC-32, as in gzip and zip; continues from data with the checksum ``before``."""
    return int(isal_zlib.crc32(data, before))


def inflated(data: bytes, most: int) -> bytes:
    """The content of a gzip member, or the data themselves if they are none.

    Raises
    ------
    ValueError
        If they are damaged, or hold more than ``most`` bytes.
    """
    if not data.startswith(_BEGINNINGS[0]):
        return data
    inflater = zlib.decompressobj(_EITHER)
    try:
        found = inflater.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError(f"a damaged gzip member ({error})") from error
    if len(found) > most:
        raise ValueError(f"it must hold at most {most:,} bytes, but holds more")
    return found


def same_content(found: bytes, ours: bytes) -> bool:
    """Whether two objects are equal, or two gzip members or zlib streams hold the same.

    The existing text may inflate to the size of ours, and no further.
    """
    if found == ours:
        return True
    if not (found.startswith(_BEGINNINGS) and ours.startswith(_BEGINNINGS)):
        return False
    try:
        wanted, inflater = zlib.decompress(ours, _EITHER), zlib.decompressobj(_EITHER)
        return inflater.decompress(found, len(wanted) + 1) == wanted and inflater.eof
    except zlib.error:
        return False
