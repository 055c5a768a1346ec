"""A Zarr store in one zip file, with the interface that zarr-python requires.

This is not zarr's own zip store, which holds the file open and so cannot travel to other processes, reads
local files only, and checks neither names nor sizes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, SuffixByteRequest

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import RangedFile
from karospace_stream.source.zarr.documents import check_document, check_size
from karospace_stream.source.zarr.keys import check_key, is_metadata
from karospace_stream.source.zarr.listed_store import ListedStore
from karospace_stream.source.zarr.structure import check_structure
from karospace_stream.source.zip.directory import ZipEntry
from karospace_stream.source.zip.entries import EntryReader


class ZipStore(ListedStore):
    """Reads entries below a folder of a zip file.

    Parameters
    ----------
    entries
        All of the zip file, by name.
    prefix
        The folder, with a slash at its end; empty for all.
    documents
        Metadata that are known already.
    """

    def __init__(
        self, file: RangedFile, entries: Mapping[str, ZipEntry], prefix: str, documents: Mapping[str, bytes]
    ) -> None:
        super().__init__()
        self._reader = EntryReader(file)
        self._entries = entries
        self._prefix = prefix
        self._documents = documents
        self._metadata: list[str] | None = None
        self.error: BadInputError | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ZipStore) and self._id() == other._id()

    def __hash__(self) -> int:
        return hash(self._id())

    def __repr__(self) -> str:
        return f"<{self._reader.file.path}>"

    def _id(self) -> tuple[RangedFile, str]:
        return self._reader.file, self._prefix

    async def get(self, key: str, prototype: Any, byte_range: ByteRequest | None = None) -> Any:
        """All or a part of one entry; None if there is none."""
        check_key(key, self._reader.file.path)
        data = self._documents.get(key)
        if data is None:
            entry = self._entries.get(self._prefix + key)
            if entry is None:
                return None
            if is_metadata(key):
                check_size(f"{key} in {self._reader.file.path}", entry.nbytes)
            data = await asyncio.to_thread(self._read_noting, entry, byte_range)
        if is_metadata(key) and byte_range is None:
            check_document(f"{key} in {self._reader.file.path}", data)
            check_structure(f"{key} in {self._reader.file.path}", data)
        return prototype.buffer.from_bytes(data)

    def _read_noting(self, entry: ZipEntry, part: ByteRequest | None) -> bytes:
        try:
            return self._read(entry, part)
        except BadInputError as error:
            if isinstance(error.__cause__, OSError):  # no damage of one entry: the file cannot be reached
                self.error = self.error or error
            raise

    def _read(self, entry: ZipEntry, part: ByteRequest | None) -> bytes:
        match part:
            case RangeByteRequest(start, end):
                return self._reader.read_range(entry, start, end)
            case OffsetByteRequest(offset):
                return self._reader.read_range(entry, offset, entry.nbytes)
            case SuffixByteRequest(nbytes):
                return self._reader.read_range(entry, entry.nbytes - nbytes, entry.nbytes)
            case _:
                return self._reader.read(entry)

    async def exists(self, key: str) -> bool:
        """Whether there is such an entry."""
        return self._prefix + key in self._entries

    def _listed(self) -> Iterable[str]:
        if self._metadata is None:
            start = len(self._prefix)
            found = (key[start:] for key in self._entries if key.startswith(self._prefix))
            self._metadata = [key for key in found if is_metadata(key)]
        return self._metadata
