"""A file in a zip file, as a file of its own."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.zip.directory import ZipEntry
from karospace_stream.source.zip.entries import EntryReader


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """One entry of a zip file; see `karospace_stream.source.files.stored_file.StoredFile`."""

    file: LocalFile | RemoteFile
    entry: ZipEntry

    @property
    def path(self) -> str:
        """For messages."""
        return f"{self.file.path}/{self.entry.key}"

    @property
    def size(self) -> int:
        """Bytes, inflated."""
        return self.entry.nbytes

    def read(self, offset: int, length: int) -> bytes:
        """Read a range; see the protocol."""
        return EntryReader(self.file).read_range(self.entry, offset, offset + length)
