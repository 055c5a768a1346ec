"""Bytes by range: the one thing that a file must be able to do.

Everything that reads chunks goes through `LocalFile.open`, so that a remote file needs only
another class with the same three methods.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from karospace_stream.errors import BadInputError


class RangeReader(Protocol):
    """An open file that gives any part of itself. Used by one thread."""

    def read_range(self, offset: int, length: int) -> bytearray:
        """``length`` bytes from ``offset``; fewer is an error."""
        ...

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill a byte buffer from ``offset``; a file that ends before is an error."""
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file as it was when the source was opened. Hashable, picklable; holds nothing open.

    Attributes
    ----------
    path
        Absolute.
    size, mtime_ns
        Bytes, and time of the last change: a cache keyed by this object never serves an old file.
    """

    path: str
    size: int
    mtime_ns: int

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> LocalFile:
        """Look at the file that is there now."""
        absolute = os.path.realpath(path)
        stat = Path(absolute).stat()
        return cls(absolute, stat.st_size, stat.st_mtime_ns)

    @property
    def fingerprint(self) -> str:
        """Changes when the file does."""
        return f"{self.size}-{self.mtime_ns}"

    @contextmanager
    def open(self) -> Iterator[RangeReader]:
        """Open for reading.

        One descriptor a call costs some 20 microseconds and leaves nothing behind: no lock, no
        limit on open files, nothing shared between threads or forks.

        Raises
        ------
        BadInputError
            If the file is gone, or has changed since the source was opened.
        """
        try:
            raw = FileIO(self.path)
        except FileNotFoundError as error:
            raise BadInputError(f"{self.path} was there when the job began and is gone now") from error
        with raw:
            stat = os.fstat(raw.fileno())
            if (stat.st_size, stat.st_mtime_ns) != (self.size, self.mtime_ns):
                raise BadInputError(
                    f"{self.path} changed while it was read (it had {self.size} bytes, now {stat.st_size}); "
                    "start again with the finished file"
                )
            yield _LocalRanges(raw, self)


class _LocalRanges:
    """Seeks and reads: the descriptor is not shared, so `os.pread` would gain nothing."""

    def __init__(self, raw: FileIO, file: LocalFile) -> None:
        self._raw = raw
        self._file = file

    def read_range(self, offset: int, length: int) -> bytearray:
        # Asked before memory is taken: a damaged chunk list may name any length.
        if offset + length > self._file.size:
            raise self._short(offset, length, max(self._file.size - offset, 0))
        data = bytearray(length)
        self.read_into(offset, memoryview(data))
        return data

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self._raw.seek(offset)
        done = 0
        while done < len(buffer):  # the kernel gives at most 2 GiB a call
            count = self._raw.readinto(buffer[done:])
            if not count:
                raise self._short(offset, len(buffer), done)
            done += count

    def _short(self, offset: int, wanted: int, got: int) -> BadInputError:
        return BadInputError(
            f"{self._file.path} ends too early: {wanted} bytes at offset {offset} were wanted, got {got}; "
            "the file is damaged or still being written"
        )
