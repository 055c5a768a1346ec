"""Bounded decompression: never outputs more than the declared size, however much a few bytes expand to."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

Buffer = bytes | bytearray | memoryview | npt.NDArray[np.uint8]

#: Most bytes that deflate can expand one byte to.
DEFLATE_RATIO = 1032
#: Output up to this size needs no check in advance: a task has more memory anyway.
HARMLESS_NBYTES = 32 << 20
_ZSTD_MAGIC, _ZSTD_BLOCK = b"\x28\xb5\x2f\xfd", 128 << 10
_LZMA_MEMORY = 256 << 20


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: Any, max_length: int, /) -> bytes: ...


def inflate(kind: str, raw: Buffer, most: int, fallback: Callable[[Buffer], Any] | None = None) -> Buffer:
    """Undo one compression.

    Parameters
    ----------
    kind
        As numcodecs calls it: ``"zlib"``, ``"gzip"``, ``"blosc"``, ``"zstd"``, ``"lz4"``, ``"bz2"`` or
        ``"lzma"``.
    most
        Most bytes of output.
    fallback
        Decompresses any other kind, without a bound.

    Raises
    ------
    BadInputError
        If it is damaged, or holds more. The message is the reason only: the caller knows the location.
    """
    try:
        undone = _KINDS[kind](raw, most) if kind in _KINDS or fallback is None else fallback(raw)
    except BadInputError:
        raise
    except Exception as error:  # each library has its own kinds, some none at all
        raise BadInputError(f"{kind} data cannot be decompressed ({error})") from error
    if memoryview(undone).nbytes > most:
        raise _too_much(most)
    return undone


def _too_much(most: int, found: int | None = None) -> BadInputError:
    what = "more" if found is None else f"{found:,}"
    return BadInputError(f"it must inflate to at most {most:,} bytes, but inflates to {what}")


def check_declared(found: int, most: int) -> None:
    """Reject compressed data by the size that they declare.

    Raises
    ------
    BadInputError
        If it exceeds ``most``.
    """
    if found > most:
        raise _too_much(most, found)


def inflate_zlib(raw: Buffer, most: int) -> Buffer:
    """Undo deflate: `most` bytes, a checksum."""
    from isal import isal_zlib

    # One byte more than the data: a buffer that is just full is doubled to look for the end.
    if len(raw) * DEFLATE_RATIO <= max(HARMLESS_NBYTES, most):
        return bytes(isal_zlib.decompress(raw, bufsize=most + 1))
    return _unpacked(isal_zlib.decompressobj, raw, most, members=1)


def _inflate_gzip(raw: Buffer, most: int) -> Buffer:
    from isal import isal_zlib

    return _unpacked(lambda: isal_zlib.decompressobj(31), raw, most)


def _unpacked(new: Callable[[], _Unpacker], raw: Buffer, most: int, members: int = 1 << 16) -> bytes:
    """One or several streams, one after the other, all together of `most` bytes."""
    parts: list[bytes] = []
    left: Any = raw
    while len(left) and members:
        unpacker, room = new(), most - sum(map(len, parts)) + 1
        parts.append(unpacker.decompress(left, room))
        if len(parts[-1]) == room:
            raise _too_much(most)
        if not unpacker.eof:
            raise ValueError("they end too early")
        # Zeros after the end are padding, as on tapes.
        left, members = unpacker.unused_data.lstrip(b"\0"), members - 1
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _inflate_blosc(raw: Buffer, most: int) -> Buffer:
    check_declared(number_in(raw, 4, 4), most)
    length, declared = memoryview(raw).nbytes, number_in(raw, 12, 4)
    if declared > length:  # Blosc trusts the header, and would return the memory after it
        raise BadInputError(f"blosc data must have {declared} bytes, got {length}")
    return memoryview(import_module("numcodecs.blosc").decompress(raw)).cast("B")


def _inflate_lz4(raw: Buffer, most: int) -> Buffer:
    check_declared(number_in(raw, 0, 4), most)
    return memoryview(import_module("numcodecs.lz4").decompress(raw)).cast("B")


def _inflate_zstd(raw: Buffer, most: int) -> Buffer:
    # Blocks that do not say how much they hold are counted as full: more than a text may be.
    most = most if zstd_nbytes(raw) is not None else max(most + _ZSTD_BLOCK, HARMLESS_NBYTES)
    check_declared(zstd_bound(raw), most)
    return memoryview(import_module("numcodecs.zstd").decompress(raw)).cast("B")


def inflate_bz2(raw: Buffer, most: int) -> Buffer:
    """Undo bzip2."""
    return _unpacked(bz2.BZ2Decompressor, raw, most)


def zstd_bound(raw: Buffer) -> int:
    """The most bytes that the first zstd frame holds: as declared, or as its blocks allow."""
    declared = zstd_nbytes(raw)
    return _blocks_bound(raw) if declared is None else declared


def zstd_nbytes(raw: Buffer) -> int | None:
    """Content size that a zstd frame declares; None if it declares none."""
    if bytes(raw[:4]) != _ZSTD_MAGIC:
        raise ValueError("they do not start like zstd data")
    flags = number_in(raw, 4, 1)
    size, single, dictionary = flags >> 6, flags >> 5 & 1, (0, 1, 2, 4)[flags & 3]
    start = 5 + (not single) + dictionary
    if size == 0:
        return number_in(raw, start, 1) if single else None
    return number_in(raw, start, 1 << size) + (256 if size == 1 else 0)


def _blocks_bound(raw: Buffer) -> int:
    """The most that the blocks of the first frame can hold."""
    at = 6 + (0, 1, 2, 4)[number_in(raw, 4, 1) & 3]
    total, last = 0, False
    while not last and at + 3 <= len(raw):
        header = number_in(raw, at, 3)
        last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
        total += _ZSTD_BLOCK if kind == 2 else size
        at += 3 + (1 if kind == 1 else size)
    return total


def number_in(raw: Buffer, start: int, length: int, order: Any = "little") -> int:
    """A number in a header; raises ValueError if the header is truncated."""
    part = bytes(raw[start : start + length])
    if len(part) < length:
        raise ValueError("they end too early")
    return int.from_bytes(part, order)


_KINDS: Mapping[str, Callable[[Buffer, int], Buffer]] = {
    "zlib": inflate_zlib,
    "gzip": _inflate_gzip,
    "blosc": _inflate_blosc,
    "lz4": _inflate_lz4,
    "zstd": _inflate_zstd,
    "bz2": inflate_bz2,
    "lzma": lambda raw, most: _unpacked(lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY), raw, most),
}
