"""Small files that inflate to 2 GiB of one byte."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from pathlib import Path

NBYTES = 1 << 31
_PIECE = 1 << 20


def deflated(byte: bytes = b"\0") -> bytes:
    """A raw deflate stream: one piece over and over, flushed so that it can be joined to itself."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(byte * _PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
    assert zlib.decompress(piece * 2 + packer.flush(), -15) == byte * _PIECE * 2
    return piece * (NBYTES // _PIECE) + b"\x03\0"


# The sums at the ends are wrong: nobody who gets so far is within bounds.


def gzipped(byte: bytes = b"\0") -> bytes:
    return gzip.compress(b"")[:10] + deflated(byte) + struct.pack("<II", 0, NBYTES)


def zlibbed() -> bytes:
    return b"\x78\xda" + deflated() + bytes(4)


def blosc(nbytes: int) -> bytes:
    """A frame of Blosc whose header is right, and whose only block is a zlib stream that holds more."""
    block = zlibbed()
    head = bytes([2, 1, (3 << 5) | 0x10, 1]) + struct.pack("<III", nbytes, nbytes, 24 + len(block))
    return head + struct.pack("<II", 20, len(block)) + block


def put_into_zip(source: Path, target: Path, bomb: Path, declared: int) -> None:
    """Pack a folder; one file of it is a bomb that the zip says to hold ``declared`` bytes."""
    packed = deflated()
    with zipfile.ZipFile(target, "w") as zipped:
        for file in sorted(source.rglob("*")):
            if file.is_file() and file != bomb:
                zipped.write(file, file.relative_to(source))
        name = str(bomb.relative_to(source))
        zipped.writestr(name, packed)
        local = zipped.getinfo(name).header_offset
    content = bytearray(target.read_bytes())
    listed = content.rindex(b"PK\x01\x02")  # the bomb is the last of the list
    for at_method, at_size in ((local + 8, local + 22), (listed + 10, listed + 24)):
        struct.pack_into("<H", content, at_method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", content, at_size, declared)
    target.write_bytes(content)


def one_colour_png(width: int, height: int) -> bytes:
    """A black picture of one bit a pixel; large ones take no more time and memory than small ones to make."""
    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(1)
    content = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", head)
        + _png_chunk(b"IDAT", content)
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
