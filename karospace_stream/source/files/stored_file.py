"""A file that lies beside the arrays of a store, such as a Parquet file: read by ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.remote_file import RemoteFile


class StoredFile(Protocol):
    """A file as it was when the source was opened. Hashable, picklable; holds nothing open."""

    def __hash__(self) -> int:
        """Hash of the state at opening, by which caches find it."""
        ...

    @property
    def path(self) -> str:
        """For messages; shows no secrets."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Read a range that ends inside the file; raises BadInputError if the file has changed."""
        ...


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file of its own, local or at a URL; see `StoredFile`."""

    file: LocalFile | RemoteFile

    @property
    def path(self) -> str:
        """For messages."""
        return self.file.path

    @property
    def size(self) -> int:
        """Bytes."""
        return self.file.size

    def read(self, offset: int, length: int) -> bytes:
        """Read a range; see the protocol."""
        data = bytearray(length)
        with self.file.open() as ranges:
            ranges.read_into(offset, memoryview(data))
        return bytes(data)
