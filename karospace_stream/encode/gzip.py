"""One gzip member, the same bytes for the same input: no name, no time stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isal import isal_zlib
from zlib_ng import zlib_ng

#: Up to this level ISA-L compresses (fast), above it zlib-ng (small).
FASTEST_LEVELS = 3
MAX_LEVEL = 9
_GZIP_MEMBER = 31  # zlib's wbits for a gzip header and trailer


def gzip_bytes(data: bytes | memoryview, level: int) -> bytes:
    """Compress into one gzip member. ``level`` 1 to 3 is ISA-L's, 4 to 9 zlib-ng's."""
    if level <= FASTEST_LEVELS:
        member: bytes = isal_zlib.compress(data, level, _GZIP_MEMBER)
        return member
    return zlib_ng.compress(data, level, _GZIP_MEMBER)


def gzip_pieces(pieces: Iterable[bytes | memoryview], level: int) -> Iterator[bytes]:
    """Compress pieces, as they come, into one gzip member; gives it piece by piece."""
    library = isal_zlib if level <= FASTEST_LEVELS else zlib_ng
    deflater = library.compressobj(level, wbits=_GZIP_MEMBER)
    for piece in pieces:
        packed = deflater.compress(piece)
        if packed:
            yield packed
    yield deflater.flush()


def pack(pieces: Iterable[bytes | memoryview], level: int | None) -> Iterable[bytes | memoryview]:
    """The same pieces, or where there is a ``level`` those of one gzip member."""
    return pieces if level is None else gzip_pieces(pieces, level)
