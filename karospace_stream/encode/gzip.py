"""One gzip member, the same bytes for the same input: no name, no time stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from isal import isal_zlib
from zlib_ng import zlib_ng

#: Up to this level ISA-L compresses (fast), above it zlib-ng (small).
FASTEST_LEVELS = 3
MAX_LEVEL = 9
_GZIP_MEMBER = 31  # zlib's wbits for a gzip header and trailer
_STEP = 1 << 18  # bytes that are compressed at a time
_FIRST = 8  # bytes: at least 4, of which a hash is made, and at most 16, which ISA-L calls short


def gzip_bytes(data: bytes | memoryview, level: int) -> bytes:
    """Compress into one gzip member. ``level`` 1 to 3 is ISA-L's, 4 to 9 zlib-ng's."""
    if level <= FASTEST_LEVELS:
        return isal_bytes(data, level, _GZIP_MEMBER)
    member: bytes = zlib_ng.compress(data, level, _GZIP_MEMBER)
    return member


def isal_bytes(data: bytes | memoryview, level: int, wbits: int) -> bytes:
    """Compress with ISA-L, level 1 to 3, into the format of zlib's ``wbits``: 15 zlib, 31 gzip."""
    deflater = isal_zlib.compressobj(level, wbits=wbits)
    with _as_bytes(data) as view:
        return b"".join((*_begin(deflater, view), deflater.flush()))


def gzip_pieces(pieces: Iterable[bytes | memoryview], level: int) -> Iterator[bytes]:
    """Compress pieces into one gzip member, as they arrive; yields it piece by piece.

    The member is the same wherever one piece ends and the next begins.
    """
    library = isal_zlib if level <= FASTEST_LEVELS else zlib_ng
    deflater = library.compressobj(level, wbits=_GZIP_MEMBER)
    begun = library is zlib_ng
    for step in _steps(pieces):
        with _as_bytes(step) as view:
            packed = deflater.compress(view) if begun else b"".join(_begin(deflater, view))
        begun = True
        if packed:
            yield packed
    yield deflater.flush()


def _begin(deflater: Any, data: memoryview) -> Iterator[bytes]:
    """Hand the first bytes to ISA-L by themselves.

    Its code for long inputs makes a hash from a register that nobody has set when it meets the first
    byte: part of an address, so that matches would depend on where the stack of a thread happens to be.
    The code for short inputs and for ends does not.
    """
    yield deflater.compress(data[:_FIRST])
    if len(data) > _FIRST:
        yield deflater.flush(isal_zlib.Z_SYNC_FLUSH)
        yield deflater.compress(data[_FIRST:])


def _as_bytes(data: bytes | bytearray | memoryview) -> memoryview:
    view = memoryview(data)
    return view.cast("B") if view.nbytes else memoryview(b"")


def _steps(pieces: Iterable[bytes | memoryview]) -> Iterator[bytearray | memoryview]:
    """The bytes of all pieces in steps of one length, the last one shorter; each to be used at once.

    Both libraries look for repeats in the data of one call, so that their output would depend on
    how the pieces were cut, and that on the memory budget.
    """
    held = bytearray()
    for piece in pieces:
        rest = memoryview(piece)
        rest = rest.cast("B") if rest.nbytes else rest[:0]
        while len(rest):
            step = rest[: _STEP - len(held)]
            rest = rest[len(step) :]
            if len(step) == _STEP:
                yield step
                continue
            held += step
            if len(held) == _STEP:
                yield held
                # Not cleared: an inspector of frames, such as a profiler, may hold a view a moment longer.
                held = bytearray()
    if held:
        yield held


def pack(pieces: Iterable[bytes | memoryview], level: int | None) -> Iterable[bytes | memoryview]:
    """The pieces unchanged or, with a ``level``, as one gzip member."""
    return pieces if level is None else gzip_pieces(pieces, level)
