"""An export that lies anywhere fsspec reaches, read back by ranges."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from karospace_stream.errors import BadInputError


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file: its bytes, and a text that changes with its content."""

    size: int
    version: str


class Published:
    """A folder on an object store or another filesystem. Made by `open_published`."""

    def __init__(self, filesystem: Any, root: str, location: str) -> None:
        self._fs = filesystem
        self._root = root.rstrip("/")
        self.location = location

    def find(self, key: str) -> StoredFile | None:
        """Size and version of a file; None where there is none.

        Raises
        ------
        PermissionError
            If the store does not let us look.
        """
        try:
            info = self._fs.info(f"{self._root}/{key}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        size = info.get("size")
        if info.get("type") != "file" or size is None:
            return None
        told = next((info[name] for name in _VERSIONS if info.get(name)), "")
        return StoredFile(int(size), sha256(f"{told} {size}".encode()).hexdigest()[:32])

    def read(self, key: str, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop`` of a file."""
        return bytes(self._fs.cat_file(f"{self._root}/{key}", start=start, end=stop))

    def folders(self) -> list[str]:
        """Names of the folders right below, sorted."""
        try:
            entries = self._fs.ls(self._root, detail=True)
        except FileNotFoundError:
            return []
        names = {e["name"].rstrip("/").rpartition("/")[2] for e in entries if e["type"] == "directory"}
        return sorted(names)


# What the filesystems call it: S3; GCS; Azure and HTTP; the rest by time.
_VERSIONS = ("ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime", "created")


def open_published(url: str) -> Published:
    """Open a folder by its URL, such as ``s3://bucket/export``. Reads nothing.

    Credentials are found as the filesystem's own library does.

    Raises
    ------
    BadInputError
        If no filesystem knows the URL, or its library is not installed.
    """
    from fsspec.core import url_to_fs

    try:
        # A listing that is remembered would hide what a later export wrote.
        filesystem, root = url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise BadInputError(f"{url} cannot be opened: {error}") from error
    return Published(filesystem, root, url)
