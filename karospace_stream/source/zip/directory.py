"""The directory of a zip file: read once per process, and checked before we trust it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import RangedFile
from karospace_stream.source.problems.unreadable import reason
from karospace_stream.source.zarr.keys import is_inside
from karospace_stream.units import format_nbytes

# Of the first entry, and of the end if there is none.
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_HDF5_MAGIC = b"\x89HDF"
HEADER_NBYTES = 30  # of an entry's own header, before its name
_PAGE = 1 << 16
_TAIL_NBYTES = 1 << 18
# Some 300,000 entries, which take 200 MB for the moment in which they are read.
_MOST_DIRECTORY_NBYTES = 32 << 20
_UNPACK = "unpack it and give the folder"


def looks_like_zip(head: bytes, name: str) -> bool:
    """Whether a file begins as a zip file does, or is called one and does not begin as HDF5 does."""
    return head.startswith(_MAGIC) or (name.lower().endswith(".zip") and not head.startswith(_HDF5_MAGIC))


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file in a zip file.

    Attributes
    ----------
    start
        Where its header begins.
    stop
        Where the next header begins: the entry ends before.
    stored_nbytes, nbytes
        Size as stored, and inflated.
    """

    key: str
    start: int
    stop: int
    stored_nbytes: int
    nbytes: int
    crc32: int
    deflated: bool


@lru_cache(maxsize=4)
def read_directory(file: RangedFile, size: int) -> Mapping[str, ZipEntry]:
    """The files in a zip file by name. If a name occurs twice, the last one counts, as for all readers.

    Raises
    ------
    BadInputError
        If it is no zip file, or what its directory says cannot be: names that lead out of it, entries that
        overlap, sizes that do not fit.
    """
    listed, end = _list(file, size)
    ordered = sorted(listed, key=lambda info: info.header_offset)
    starts = [info.header_offset for info in ordered]
    for info, (start, stop) in zip(ordered, pairwise([*starts, end]), strict=True):
        _check(info, start, stop, file.path)
    stops = dict(zip(starts, [*starts[1:], end], strict=True))
    return {
        info.filename: ZipEntry(
            info.filename,
            info.header_offset,
            stops[info.header_offset],
            info.compress_size,
            info.file_size,
            info.CRC,
            info.compress_type == zipfile.ZIP_DEFLATED,
        )
        for info in listed
        if not info.is_dir()
    }


def _list(file: RangedFile, size: int) -> tuple[list[zipfile.ZipInfo], int]:
    ranges = _Ranges(file, size)
    try:
        with zipfile.ZipFile(io.BufferedReader(ranges, _PAGE)) as archive:
            return archive.infolist(), archive.start_dir
    except BadInputError:
        raise
    except Exception as error:  # zipfile's own kind, struct's, decoding errors
        if ranges.failure is not None:
            raise ranges.failure from error
        raise BadInputError(f"{file.path} is a damaged or incomplete zip file: {reason(error)}") from error


def _check(info: zipfile.ZipInfo, start: int, stop: int, where: str) -> None:
    damaged = f"{where} is a damaged or hostile zip file: its entry {info.filename[:100]!r}"
    if not is_inside(info.filename.rstrip("/")):
        raise BadInputError(f"{damaged} has a name that points outside")
    if start < 0:
        raise BadInputError(f"{where} is a zip file whose beginning is missing; fetch it again")
    if start + HEADER_NBYTES + len(info.orig_filename) + info.compress_size > stop:
        raise BadInputError(f"{damaged} overlaps the next entry")
    if info.flag_bits & 1:
        raise BadInputError(f"{where} is a zip file whose entries are encrypted; {_UNPACK}")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadInputError(
            f"{where} is a zip file whose entries are compressed by method {info.compress_type}, "
            f"which cannot be read (only stored and deflated entries can); {_UNPACK}"
        )
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        raise BadInputError(
            f"{damaged} must have {info.file_size} bytes, but {info.compress_size} are stored"
        )


class _Ranges(io.RawIOBase):
    """A file object for zipfile: reads by ranges with start and end."""

    def __init__(self, file: RangedFile, size: int) -> None:
        self._file, self._size, self._at, self._read = file, size, 0, 0
        self._tail_at, self._tail = max(0, size - _TAIL_NBYTES), b""
        self.failure: BadInputError | None = None

    def readable(self) -> bool:
        """True: bytes can be read."""
        return True

    def seekable(self) -> bool:
        """True: any position can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Seek to a position."""
        at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        if at < 0:
            raise OSError("an offset before the beginning")
        self._at = at
        return at

    def tell(self) -> int:
        """Position of the next byte."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read some bytes; fewer at the end."""
        length = max(0, min(len(buffer), self._size - self._at))
        self._read += length
        try:
            if length > _MOST_DIRECTORY_NBYTES or self._read > 2 * _MOST_DIRECTORY_NBYTES:
                raise BadInputError(
                    f"{self._file.path} is a zip file with a directory of more than "
                    f"{format_nbytes(_MOST_DIRECTORY_NBYTES)}; {_UNPACK}"
                )
            buffer[:length] = self._bytes(length)
        except BadInputError as error:
            self.failure = error
            raise
        self._at += length
        return length

    def _bytes(self, length: int) -> bytes:
        """Read from the current position; one request fetches the end of the file with the directory."""
        if self._at < self._tail_at:
            return self._fetch(self._at, length)
        self._tail = self._tail or self._fetch(self._tail_at, self._size - self._tail_at)
        start = self._at - self._tail_at
        return self._tail[start : start + length]

    def _fetch(self, offset: int, length: int) -> bytes:
        data = bytearray(length)
        if length:
            with self._file.open() as ranges:
                ranges.read_into(offset, memoryview(data))
        return bytes(data)
