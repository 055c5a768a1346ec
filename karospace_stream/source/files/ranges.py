"""Bytes by range: the one operation that every file must support, wherever it is stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import FileIO
from typing import Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.storage import UnreadableFileError, check_regular, open_regular

READ_NBYTES = 4 << 20  # one ranged read; larger ones cost memory and gain nothing on a local disk
_GAP_NBYTES = 64 << 10  # bytes between two pieces that are cheaper to read than to skip

Numbers = npt.NDArray[np.int64]


class RangeReader(Protocol):
    """An open file that can read any part of itself. Used by one thread."""

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill a byte buffer from ``offset``; a file that ends before is an error."""
        ...

    def read_each(
        self, offsets: Numbers, sizes: Numbers, again: npt.NDArray[np.bool_]
    ) -> Iterator[memoryview]:
        """Yield pieces of the file, sorted by offset.

        Callers should release each piece before the next: then one ranged read is in memory.

        Parameters
        ----------
        again
            Which of them the next part of the job will probably read again.
        """
        ...


class RangedFile(Protocol):
    """A file as it was when the source was opened. Hashable, picklable; holds nothing open."""

    def __hash__(self) -> int:
        """Hash of the state at opening, by which caches find it."""
        ...

    @property
    def path(self) -> str:
        """For messages; shows no secrets."""
        ...

    @property
    def fingerprint(self) -> str:
        """Text that changes with the file."""
        ...

    def open(self) -> AbstractContextManager[RangeReader]:
        """Open for reading; raises BadInputError if the file has visibly changed."""
        ...

    def check(self) -> None:
        """Raise BadInputError if the file is gone, or has changed since the source was opened."""
        ...

    @property
    def hdf5_name(self) -> str:
        """Name of the file for HDF5."""
        ...

    def linked(self, name: str) -> RangedFile:
        """The target file of an external link; raises BadInputError if the link is not allowed."""
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine; see `RangedFile`.

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
        """Look at the current file.

        Raises
        ------
        BadInputError
            If there is a pipe or a device.
        """
        absolute = os.path.realpath(path)
        try:
            stat = check_regular(absolute)
        except UnreadableFileError as error:
            raise BadInputError(f"{absolute} cannot be read: {error.strerror}") from error
        return cls(absolute, stat.st_size, stat.st_mtime_ns)

    @property
    def fingerprint(self) -> str:
        """Text that changes with the file."""
        return f"{self.size}-{self.mtime_ns}"

    @property
    def hdf5_name(self) -> str:
        """The path."""
        return self.path

    def linked(self, name: str) -> LocalFile:
        """The other file."""
        return LocalFile.at(name)

    def check(self) -> None:
        """Raise BadInputError if the file is gone, or has changed since the source was opened."""
        with self.open():
            pass

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
            raw = open_regular(self.path)
        except FileNotFoundError as error:
            raise BadInputError(f"{self.path} was deleted or moved after the job began") from error
        except UnreadableFileError as error:
            raise changed(self.path, error.strerror or "") from error
        with raw:
            stat = os.fstat(raw.fileno())
            if (stat.st_size, stat.st_mtime_ns) != (self.size, self.mtime_ns):
                raise changed(self.path, f"it had {self.size} bytes, now {stat.st_size}")
            yield _LocalRanges(raw, self)


class _LocalRanges:
    """Seeks and reads: the descriptor is not shared, so `os.pread` would gain nothing."""

    def __init__(self, raw: FileIO, file: LocalFile) -> None:
        self._raw = raw
        self._file = file

    def read_each(
        self, offsets: Numbers, sizes: Numbers, again: npt.NDArray[np.bool_]
    ) -> Iterator[memoryview]:
        for start, stop in coalesce(offsets, sizes):
            base = int(offsets[start])
            raw = memoryview(self._read_range(base, int(offsets[stop - 1] + sizes[stop - 1]) - base))
            for at, size in zip(
                (offsets[start:stop] - base).tolist(), sizes[start:stop].tolist(), strict=True
            ):
                yield raw[at : at + size]
            del raw

    def _read_range(self, offset: int, length: int) -> bytearray:
        check_bounds(self._file.path, self._file.size, offset, length)
        data = bytearray(length)
        self.read_into(offset, memoryview(data))
        return data

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self._raw.seek(offset)
        done = 0
        while done < len(buffer):  # the kernel returns at most 2 GiB per call
            count = self._raw.readinto(buffer[done:])
            if not count:
                raise _short(self._file.path, offset, len(buffer), done)
            done += count


def check_bounds(path: str, size: int, offset: int, length: int) -> None:
    """Reject reads past the end before allocating: a damaged chunk list may name any length."""
    if offset + length > size:
        raise _short(path, offset, length, max(size - offset, 0))


def changed(path: str, how: str) -> BadInputError:
    """The error message for a file that has changed."""
    return BadInputError(f"{path} changed while it was read ({how}); start again once the file is finished")


def _short(path: str, offset: int, wanted: int, got: int) -> BadInputError:
    return BadInputError(
        f"{path} ends too early: it must have {wanted} bytes at offset {offset}, got {got}; "
        "the file is damaged or still being written"
    )


def coalesce(offsets: Numbers, sizes: Numbers) -> Iterator[tuple[int, int]]:
    """Group pieces, sorted by offset, that fit in one read of `READ_NBYTES`."""
    start = 0
    for this in range(1, len(offsets) + 1):
        if this == len(offsets) or (
            offsets[this] + sizes[this] - offsets[start] > READ_NBYTES
            or offsets[this] - offsets[this - 1] - sizes[this - 1] > _GAP_NBYTES
        ):
            yield start, this
            start = this
