"""An export that lies anywhere fsspec reaches, read back by ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.storage import StorageError, Store, StoredInfo, place_of


class Published:
    """A folder on an object store or another filesystem. Made by `open_published`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.location = store.shown

    def find(self, key: str) -> StoredInfo | None:
        """Size and version of a file; None where there is none."""
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
        As `place_of` takes them. Without, credentials are found as the filesystem's own library does.

    Raises
    ------
    BadInputError
        If no filesystem knows the URL, or its library is not installed.
    """
    store = Store(place_of(url, options))
    try:
        store.check()
    except StorageError as error:
        raise BadInputError(str(error)) from error
    return Published(store)
