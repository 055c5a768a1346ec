"""The content of files in a zip file, complete or in part, read by ranges and checked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from isal.isal_zlib import crc32

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.prefetch import ReadCache
from karospace_stream.source.files.ranges import RangedFile, RangeReader
from karospace_stream.source.zip.directory import HEADER_NBYTES, ZipEntry
from karospace_stream.units import format_nbytes

_HEADER = struct.Struct("<4s22sHH")
_SIGNATURE = b"PK\x03\x04"
_EXTRA_NBYTES = 64  # after the name in a header; most have less
# Deflate hardly shrinks arrays that are compressed already. Small entries may be anything.
_SMALL_NBYTES = 8 << 20
_MOST_INFLATED = 64

_INFLATED: ReadCache[bytes] = ReadCache()
_STARTS: ReadCache[int] = ReadCache(1 << 20)


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads entries of one zip file."""

    file: RangedFile

    def read(self, entry: ZipEntry) -> bytes:
        """All of an entry.

        Raises
        ------
        BadInputError
            If it is damaged, or inflates to more than a Zarr store has.
        """
        with self.file.open() as ranges:
            head = _read(ranges, entry.start, self._guess(entry))
            return self._content(entry, head, ranges)

    def read_many(self, entries: Sequence[ZipEntry]) -> Iterator[tuple[ZipEntry, bytes]]:
        """Read several entries, in the order of the file; one request fetches adjacent ones together.

        Raises
        ------
        BadInputError
            As `read`.
        """
        ordered = sorted(entries, key=lambda entry: entry.start)
        starts = np.array([entry.start for entry in ordered], np.int64)
        sizes = np.array([self._guess(entry) for entry in ordered], np.int64)
        with self.file.open() as ranges:
            heads = ranges.read_each(starts, sizes, np.zeros(len(ordered), np.bool_))
            for entry, head in zip(ordered, heads, strict=True):
                yield entry, self._content(entry, head, ranges)

    def _guess(self, entry: ZipEntry) -> int:
        """Bytes from the beginning of the header that have the content too, as a rule."""
        self._refuse_bomb(entry)
        name = len(entry.key.encode("utf-8", "replace"))
        return min(HEADER_NBYTES + name + _EXTRA_NBYTES + entry.stored_nbytes, entry.stop - entry.start)

    def _content(self, entry: ZipEntry, head: bytes | memoryview, ranges: RangeReader) -> bytes:
        at = self._content_at(entry, head)
        data = bytes(head[at : at + entry.stored_nbytes])
        if len(data) < entry.stored_nbytes:  # the header is longer than most are
            data = _read(ranges, entry.start + at, entry.stored_nbytes)
        if entry.deflated:
            data = self._inflate(entry, data)
        if crc32(data) != entry.crc32:
            raise self._damaged(entry, "its checksum differs")
        return data

    def read_range(self, entry: ZipEntry, start: int, stop: int) -> bytes:
        """A part of an entry; a deflated entry is cached in full for the next part."""
        if entry.deflated:
            key = (self.file, entry.key)
            return _INFLATED.get(key, entry.nbytes, lambda: self.read(entry))[start:stop]
        begin = _STARTS.get((self.file, entry.key), 100, lambda: self._content_start(entry))
        start, stop = max(0, start), min(stop, entry.nbytes)
        if start >= stop:
            return b""
        with self.file.open() as ranges:
            return _read(ranges, begin + start, stop - start)

    def _content_start(self, entry: ZipEntry) -> int:
        with self.file.open() as ranges:
            head = _read(ranges, entry.start, HEADER_NBYTES)
        return entry.start + self._content_at(entry, head)

    def _content_at(self, entry: ZipEntry, head: bytes | memoryview) -> int:
        """Bytes from the beginning of an entry's header to its content."""
        signature, _, n_name, n_extra = _HEADER.unpack_from(head)
        at: int = HEADER_NBYTES + n_name + n_extra
        if signature != _SIGNATURE or entry.start + at + entry.stored_nbytes > entry.stop:
            raise self._damaged(entry, "it is not at the offset that the directory gives")
        return at

    def _inflate(self, entry: ZipEntry, data: bytes) -> bytes:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            found = inflater.decompress(data, entry.nbytes + 1)
        except zlib.error as error:
            raise self._damaged(entry, str(error)) from error
        if len(found) != entry.nbytes or not inflater.eof:
            raise self._damaged(entry, f"it must inflate to {entry.nbytes} bytes, but does not")
        return found

    def _refuse_bomb(self, entry: ZipEntry) -> None:
        if entry.nbytes > max(_SMALL_NBYTES, _MOST_INFLATED * entry.stored_nbytes):
            raise BadInputError(
                f"{entry.key} in {self.file.path} inflates from {format_nbytes(entry.stored_nbytes)} to "
                f"{format_nbytes(entry.nbytes)}, which is too much; zip without compression: zip -0 -r"
            )

    def _damaged(self, entry: ZipEntry, why: str) -> BadInputError:
        return BadInputError(f"{entry.key} in {self.file.path} is damaged: {why}")


def _read(ranges: RangeReader, offset: int, length: int) -> bytes:
    data = bytearray(length)
    ranges.read_into(offset, memoryview(data))
    return bytes(data)
