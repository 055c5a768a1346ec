"""A published export anywhere that fsspec reaches, read back by ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.storage import StorageError, Store, StoredInfo, location_of
from karospace_stream.targets.zips.archive import Archive, open_archive


class Published:
    """A folder on an object store or another filesystem. Made by `open_published`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.location = store.shown

    def find(self, key: str) -> StoredInfo | None:
        """Size and version of a file; None if there is none."""
        return self._store.info(key)

    def read(self, key: str, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop`` of a file."""
        return self._store.read_range(key, start, stop)

    def folders(self) -> list[str]:
        """Names of the folders right below, sorted."""
        return self._store.folders()


def open_published(url: str, options: Mapping[str, Any] | None = None) -> Published:
    """Open a folder by its URL, such as ``s3://bucket/export``. Reads nothing.

    Parameters
    ----------
    options
        As for `location_of`. Without them, the filesystem's own library finds credentials in its usual way.

    Raises
    ------
    BadInputError
        If no filesystem knows the URL, or its library is not installed.
    """
    store = Store(location_of(url, options))
    try:
        store.check()
    except StorageError as error:
        raise BadInputError(str(error)) from error
    return Published(store)


class PublishedZip:
    """A Zarr store in one file, as a folder of its entries. Made by `open_published_zip`."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._found = {each.key: StoredInfo(each.size, f"{each.crc32:08x}") for each in archive.entries}
        self._starts: dict[str, int] = {}
        self.location = archive.store.shown

    def find(self, key: str) -> StoredInfo | None:
        """Size and version of an entry; None if there is none."""
        return self._found.get(key)

    def read(self, key: str, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop`` of an entry."""
        begin = self._starts.get(key)
        if begin is None:
            begin = self._starts[key] = self._archive.content_start(key)
        return self._archive.store.read_range("", begin + start, begin + stop)


def open_published_zip(location: str, options: Mapping[str, Any] | None = None) -> PublishedZip:
    """Open a Zarr store in one file, by its path or URL; reads the list of its entries.

    Raises
    ------
    BadInputError
        If it is not there, or is no zip of uncompressed entries.
    """
    store = Store(location_of(location, options))
    try:
        return PublishedZip(open_archive(store))
    except (OSError, ValueError) as error:
        raise BadInputError(f"{location}: it must be a Zarr store in a zip, but {error}") from error
