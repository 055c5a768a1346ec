"""A file on an object store or a web server, read by ranges and never in full."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.errors import reading
from karospace_stream.source.files.prefetch import Read, ReadCache, in_order
from karospace_stream.source.files.ranges import READ_NBYTES, Numbers, RangeReader, changed, check_bounds
from karospace_stream.storage import Location, Store

_FRESH_S = 10.0  # a file checked less than this long ago counts as unchanged
_GAP_SHARE = 16  # one byte in this many of a request may be unneeded

_KEPT: ReadCache[bytes] = ReadCache()
_LOOKED: dict[RemoteFile, float] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file by its URL; see `RangedFile`.

    Attributes
    ----------
    version
        A text that changes with the content: from the ETag, or size and time.
    """

    location: Location
    size: int
    version: str

    @classmethod
    def find(cls, location: Location) -> RemoteFile | None:
        """Look at the current file; None if there is none.

        Raises
        ------
        BadInputError
            If the store denies access or does not answer.
        """
        with reading(location.shown):
            found = Store(location).info("")
        if found is None:
            return None
        file = cls(location, found.size, found.version)
        with _LOCK:
            _LOOKED[file] = time.monotonic()
        return file

    @property
    def path(self) -> str:
        """The URL, without secrets."""
        return self.location.shown

    @property
    def fingerprint(self) -> str:
        """Text that changes with the file."""
        return f"{self.size}-{self.version}"

    @property
    def hdf5_name(self) -> str:
        """The URL, as h5py spells names of objects."""
        return self.path.encode("ascii", "replace").decode()

    def linked(self, name: str) -> RemoteFile:
        """Refuse: a link in a file from the web must not select a local file."""
        raise BadInputError(
            f"it is an external link to {name!r}, which cannot be followed from {self.path}; "
            "download both files"
        )

    def check(self) -> None:
        """Ask the store whether the file is unchanged; raises BadInputError if it has changed."""
        with _LOCK:
            _LOOKED[self] = time.monotonic()
        with reading(self.path):
            found = Store(self.location).info("")
        if found is None:
            raise BadInputError(f"{self.path} was deleted or moved after the job began")
        if (found.size, found.version) != (self.size, self.version):
            raise changed(self.path, f"it had {self.size} bytes, now {found.size}, or its version differs")

    @contextmanager
    def open(self) -> Iterator[RangeReader]:
        """Open for reading; asks the store now and then whether the file has changed."""
        with _LOCK:
            fresh = time.monotonic() - _LOOKED.get(self, -_FRESH_S) < _FRESH_S
        if not fresh:
            self.check()
        with reading(self.path):
            yield _RemoteRanges(self)

    def settle(self) -> None:
        """Return once the fetching thread responds."""
        Store(self.location).settle()

    def begin(self, offset: int, length: int) -> Future[bytes]:
        """Begin to read a range."""
        check_bounds(self.path, self.size, offset, length)
        return Store(self.location).start_range("", offset, offset + length)


class _RemoteRanges:
    """Reads ahead, so that throughput does not hang on latency."""

    def __init__(self, file: RemoteFile) -> None:
        self._file = file

    def read_into(self, offset: int, buffer: memoryview) -> None:
        check_bounds(self._file.path, self._file.size, offset, len(buffer))
        offsets = np.arange(offset, offset + len(buffer), READ_NBYTES, dtype=np.int64)
        sizes = np.minimum(READ_NBYTES, offset + len(buffer) - offsets)
        done = 0
        for piece in self.read_each(offsets, sizes, np.zeros(len(offsets), np.bool_)):
            buffer[done : done + len(piece)] = piece
            done += len(piece)
            del piece

    def read_each(
        self, offsets: Numbers, sizes: Numbers, again: npt.NDArray[np.bool_]
    ) -> Iterator[memoryview]:
        runs = list(_runs(offsets.tolist(), sizes.tolist(), again.tolist()))
        arrived = in_order([self._read(offsets, sizes, *run) for run in runs])
        for start, stop, _ in runs:
            raw, base = memoryview(next(arrived)), int(offsets[start])
            for at, size in zip(
                (offsets[start:stop] - base).tolist(), sizes[start:stop].tolist(), strict=True
            ):
                yield raw[at : at + size]
            del raw

    def _read(self, offsets: Numbers, sizes: Numbers, start: int, stop: int, keep: bool) -> Read:
        file, base = self._file, int(offsets[start])
        nbytes = int(offsets[stop - 1] + sizes[stop - 1]) - base
        if keep:
            return Read(
                nbytes,
                lambda: _KEPT.begin((file, base, nbytes), nbytes, lambda: file.begin(base, nbytes)),
                shared=True,
            )
        return Read(nbytes, lambda: file.begin(base, nbytes))


def _runs(offsets: list[int], sizes: list[int], again: list[bool]) -> Iterator[tuple[int, int, bool]]:
    """Group pieces, sorted by offset, into requests; a piece to be cached gets its own request."""
    start = wanted = 0
    for this in range(len(offsets)):
        if this > start:
            gaps = offsets[this] - offsets[start] - wanted
            joins = (
                not again[this]
                and not again[start]
                and offsets[this] + sizes[this] - offsets[start] <= READ_NBYTES
                and gaps * _GAP_SHARE <= wanted
            )
            if not joins:
                yield start, this, again[start]
                start, wanted = this, 0
        wanted += sizes[this]
    if offsets:
        yield start, len(offsets), again[start]
