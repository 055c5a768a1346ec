"""Read text from front to back, in pieces of whole lines."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import READ_NBYTES
from karospace_stream.source.files.stream import AnyFile, open_inflated

LONGEST_LINE = 1 << 20


def unpacked(file: AnyFile) -> Iterator[bytes]:
    """The content of a file, packed or not, in pieces.

    Raises
    ------
    BadInputError
        If packed data are damaged or end too early.
    """
    with open_inflated(file) as stream:
        while piece := stream.read(READ_NBYTES):
            yield piece


def stored(file: AnyFile, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a part of a file, in pieces."""
    for first in range(start, stop, READ_NBYTES):
        buffer = bytearray(min(READ_NBYTES, stop - first))
        with file.open() as ranges:
            ranges.read_into(first, memoryview(buffer))
        yield bytes(buffer)


def lines_of(pieces: Iterator[bytes], path: str) -> Iterator[bytes]:
    """Whole lines in pieces; only the last line of all may have no end.

    Raises
    ------
    BadInputError
        If a line is longer than any line of text.
    """
    rest = b""
    for piece in pieces:
        data = rest + piece
        cut = data.rfind(b"\n") + 1
        if cut:
            yield data[:cut]
        rest = data[cut:]
        if len(rest) > LONGEST_LINE:
            raise BadInputError(
                f"{path} must have lines of text, but one has more than {LONGEST_LINE:,} bytes; it is damaged"
            )
    if rest:
        yield rest


def is_packed(file: AnyFile) -> bool:
    """Whether a file is packed with gzip."""
    return next(stored(file, 0, min(file.size, 2)), b"") == b"\x1f\x8b"
