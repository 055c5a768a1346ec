"""An export to verify: its files, in a folder or in one zip, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from karospace_stream.errors import BadInputError
from karospace_stream.formats.checksums import CHECKSUMS, Listing, checksums_blob, read_checksums
from karospace_stream.storage import StorageError, Store
from karospace_stream.target import is_archive
from karospace_stream.target.archive import Archive, open_archive


class Files(Protocol):
    """Where objects are read."""

    def read_whole(self, keys: Sequence[str]) -> list[bytes | None]:
        """All of several objects; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Zipped:
    """Entries of a zip, whose directory is also the list of them."""

    archive: Archive

    def read_whole(self, keys: Sequence[str]) -> list[bytes | None]:
        """Several entries; the list of all as a folder has it."""
        found = self.archive.read_whole([key for key in keys if key != CHECKSUMS])
        listed = checksums_blob("anndata", "", {}, self.archive.entries).data if CHECKSUMS in keys else None
        entries = iter(found)
        return [listed if key == CHECKSUMS else next(entries) for key in keys]


def open_bundle(store: Store, shown: str) -> tuple[Files, Listing]:
    """Find the files of an export, and what they should be.

    Raises
    ------
    BadInputError
        If there is no export, or none with a list of checksums.
    """
    try:
        if is_archive(store.place.url) and store.info("") is not None:
            return _open_zip(store, shown)
        (data,) = store.read_whole([CHECKSUMS])
    except (StorageError, PermissionError, NotADirectoryError) as error:
        raise BadInputError(f"{shown} cannot be read: {error}") from error
    if data is None:
        raise BadInputError(
            f"{shown}: an export with a {CHECKSUMS} was wanted, there is none; it is no export, not "
            "finished, or was made by another program or an older version"
        )
    try:
        return store, read_checksums(data)
    except ValueError as error:
        raise BadInputError(f"{shown}: {CHECKSUMS} is damaged or of a later version: {error}") from error


def _open_zip(store: Store, shown: str) -> tuple[Files, Listing]:
    try:
        archive = open_archive(store)
    except ValueError as error:
        raise BadInputError(f"{shown}: a Zarr store in a zip was wanted, but {error}") from error
    files = {entry.key: (entry.size, entry.crc32) for entry in archive.entries}
    return Zipped(archive), Listing("anndata", "", {}, files)
