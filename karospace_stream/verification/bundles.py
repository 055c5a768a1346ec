"""An export to verify: its files, in a folder or in one zip, and their list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.checksums import CHECKSUMS, Listing, checksums_blob, read_checksums
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.storage import StorageError, Store, StoredInfo
from karospace_stream.targets import is_archive
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.zips.archive import Archive, open_archive

_EXPORT = "karospace-stream export INPUT TARGET"
_MOST_ASKED = 20


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
        raise BadInputError(f"{shown} {_what_else(store, shown)}")
    try:
        listing = read_checksums(data)
        outside = next((key for key in listing.files if not is_inside(key)), None)
        if outside is not None:
            raise ValueError(f"{outside[:100]!r} is not a name inside an export")
        return store, listing
    except ValueError as error:
        raise BadInputError(f"{shown}: {CHECKSUMS} is damaged or of a later version: {error}") from error


def _what_else(store: Store, shown: str) -> str:
    """The rest of a sentence about something that has no list of checksums."""
    if "://" not in shown:
        path = Path(shown).expanduser()
        if not path.exists():
            return f"does not exist{did_you_mean_path(path)}"
        if path.is_file():
            return f"must be the folder of an export, but is a file; make an export with {_EXPORT}"
    if inner := _an_export_below(store):
        return f"is a folder of exports; verify each by itself, such as {shown.rstrip('/')}/{inner}"
    return (
        f"must be an export with a {CHECKSUMS}, but has none; it is not an export, is unfinished, "
        "or was made by another program or an older version"
    )


def _an_export_below(store: Store) -> str:
    try:
        folders = store.folders()[:_MOST_ASKED]
        return next((each for each in folders if store.info(f"{each}/{CHECKSUMS}") is not None), "")
    except (OSError, StorageError):  # a web host lists nothing
        return ""


def _open_zip(store: Store, shown: str) -> tuple[Files, Listing]:
    try:
        archive = open_archive(store)
    except ValueError as error:
        raise BadInputError(f"{shown}: it must be a Zarr store in a zip, but {error}") from error
    files = {entry.key: (entry.size, entry.crc32) for entry in archive.entries}
    return Zipped(archive), Listing("anndata", "", {}, files)
