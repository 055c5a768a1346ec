"""An export to verify: its files, in a folder or in one zip, and their list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.checksums import CHECKSUMS, Listing, checksums_blob, read_checksums
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.storage import StorageError, Store, StoredInfo
from karospace_stream.targets import is_archive
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.zips.archive import Archive, open_archive


class Files(Protocol):
    """Source of the objects to read."""

    def read_up_to(self, keys: Sequence[str], most: Sequence[int]) -> list[bytes | None]:
        """Read several objects, each up to a number of bytes; None for a missing one."""
        ...

    def read_range(self, key: str, start: int, stop: int) -> bytes:
        """Read the bytes ``start`` to ``stop`` of one object."""
        ...

    def info(self, key: str) -> StoredInfo | None:
        """Size and version of an object; None if it is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Zipped:
    """Entries of a zip, whose directory also lists them."""

    archive: Archive

    def read_up_to(self, keys: Sequence[str], most: Sequence[int]) -> list[bytes | None]:
        """Read several entries; ``checksums.json`` in the form that a folder has."""
        found = self.archive.read_up_to(keys, most)
        listed = checksums_blob("anndata", "", {}, self.archive.entries).data if CHECKSUMS in keys else None
        return [listed if key == CHECKSUMS else data for key, data in zip(keys, found, strict=True)]

    def read_range(self, key: str, start: int, stop: int) -> bytes:
        """Read a part of an entry."""
        begin = self.archive.content_start(key)
        return self.archive.store.read_range("", begin + start, begin + stop)

    def info(self, key: str) -> StoredInfo | None:
        """Size and checksum of an entry, from the zip's directory."""
        found = (each for each in self.archive.entries if each.key == key)
        return next((StoredInfo(each.size, f"{each.crc32:08x}") for each in found), None)


def open_bundle(store: Store, shown: str) -> tuple[Files, Listing]:
    """Find the files of an export, and their expected sizes and checksums.

    Raises
    ------
    BadInputError
        If there is no export, or none with a list of checksums.
    """
    try:
        if is_archive(store.location.url) and store.info("") is not None:
            return _open_zip(store, shown)
        (data,) = store.read_up_to([CHECKSUMS], [MOST_DOCUMENT_NBYTES + 1])
    except (StorageError, PermissionError, NotADirectoryError) as error:
        raise BadInputError(f"{shown} cannot be read: {error}") from error
    if data is None:
        raise BadInputError(
            f"{shown}: an export with a {CHECKSUMS} was wanted, there is none; it is no export, not "
            "finished, or was made by another program or an older version"
        )
    try:
        listing = read_checksums(data)
        outside = next((key for key in listing.files if not is_inside(key)), None)
        if outside is not None:
            raise ValueError(f"{outside[:100]!r} is no name inside an export")
        return store, listing
    except ValueError as error:
        raise BadInputError(f"{shown}: {CHECKSUMS} is damaged or of a later version: {error}") from error


def _open_zip(store: Store, shown: str) -> tuple[Files, Listing]:
    try:
        archive = open_archive(store)
    except ValueError as error:
        raise BadInputError(f"{shown}: a Zarr store in a zip was wanted, but {error}") from error
    files = {entry.key: (entry.size, entry.crc32) for entry in archive.entries}
    return Zipped(archive), Listing("anndata", "", {}, files)
