"""A Zarr store in a local folder, in the state in which its source was opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.zarr.documents import read_document
from karospace_stream.source.zarr.keys import check_key
from karospace_stream.source.zarr.local_store import FolderStore

_LISTED_CHUNKS = 4096  # more chunk files than this are not worth counting their bytes

#: Metadata of a root, in either version.
ROOT_METADATA = ("zarr.json", ".zmetadata", ".zgroup", ".zattrs")


@dataclass(frozen=True, slots=True)
class ZarrFolder:
    """A Zarr store on disk. Hashable, picklable; holds nothing open.

    Attributes
    ----------
    path
        Absolute.
    fingerprint
        So that a cache keyed by this object never serves old metadata.
    consolidated
        False if the consolidated metadata are incomplete.
    """

    path: str
    fingerprint: str
    consolidated: bool = True

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> ZarrFolder:
        """Look at the folder in its current state: some ten microseconds per file."""
        absolute = os.path.realpath(path)
        return cls(absolute, _fingerprint(Path(absolute)))

    def check(self) -> None:
        """Raise BadInputError if a file of the folder is new, gone or changed."""
        if _fingerprint(Path(self.path)) != self.fingerprint:
            raise BadInputError(
                f"{self.path} changed while it was read; start again once nothing writes to it"
            )

    def raise_failure(self, store: Any) -> None:
        """Do nothing: a disk reports its failures at once."""

    def for_zarr(self) -> FolderStore:
        """The store to pass to zarr."""
        return FolderStore(self.path)

    def open_file(self, key: str) -> PlainFile | None:
        """A file that is no part of an array; None if there is none."""
        check_key(key, self.path)
        path = Path(self.path) / key
        return PlainFile(LocalFile.at(path)) if path.is_file() else None

    @property
    def remote(self) -> bool:
        """False: a folder is on this machine."""
        return False

    def stored_nbytes(self, key: str) -> int | None:
        """Bytes of the chunks of one array; None if they are too many to count."""
        files = (path for path in (Path(self.path) / key).rglob("*") if path.is_file())
        chunks = (path for path in files if not path.name.startswith((".z", "zarr.json")))
        # Where many are declared, there may be few all the same.
        sizes = [path.stat().st_size for path in islice(chunks, _LISTED_CHUNKS + 1)]
        return None if len(sizes) > _LISTED_CHUNKS else sum(sizes)


def folder_documents(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Metadata directly in a folder, by name, and all names in it."""
    names = (*ROOT_METADATA, ".zarray")
    documents = {name: read_document(folder / name) for name in names if _is_there(folder / name)}
    return documents, [item.name for item in folder.iterdir()]


def _fingerprint(root: Path) -> str:
    """Changes when a file does: hashes the root's metadata, and name, size and time of every file."""
    digest = hashlib.blake2b(digest_size=16)
    for name in ROOT_METADATA:
        if _is_there(root / name):
            digest.update(read_document(root / name))
    for about in _files(str(root)):
        digest.update(about)
    return digest.hexdigest()


def _is_there(path: Path) -> bool:
    """Whether something exists that should be a document; a folder of that name does not count."""
    return path.exists() and not path.is_dir()


def _files(folder: str, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[bytes]:
    about = os.stat(folder)  # noqa: PTH116
    this = (about.st_dev, about.st_ino)
    if this in above:
        raise BadInputError(f"{folder} is a link to a folder above it, which makes a loop; remove the link")
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if _is_folder(entry):
            yield from _files(entry.path, above | {this})
        else:
            stat = _about(entry)
            yield f"{entry.path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "surrogateescape")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False


def _about(entry: os.DirEntry[str]) -> os.stat_result:
    """Status of the file, or of the link itself if it is dangling."""
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)
