"""A Zarr store in one zip file, local or at a URL, in the state in which its source was opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.problems.diagnose import refuse_no_zarr
from karospace_stream.source.zarr.documents import check_size
from karospace_stream.source.zarr.folder import ROOT_METADATA
from karospace_stream.source.zarr.keys import is_metadata
from karospace_stream.source.zarr.listing import chunk_nbytes, consolidated_names
from karospace_stream.source.zip.directory import ZipEntry, read_directory
from karospace_stream.source.zip.entries import EntryReader
from karospace_stream.source.zip.file import ZippedFile
from karospace_stream.source.zip.store import ZipStore

_LARGEST_DOCUMENT = 1 << 20  # larger ones are read on request
_OF_MACOS = "__MACOSX/"


@dataclass(frozen=True, slots=True)
class ZarrZip:
    """A Zarr store in a zip file. Hashable, picklable; holds nothing open.

    Attributes
    ----------
    prefix
        The folder in the zip file that is the store, with a slash at its end; empty for the zip file itself.
    consolidated
        False if the consolidated metadata are incomplete.
    """

    file: LocalFile | RemoteFile
    prefix: str
    consolidated: bool = True

    @classmethod
    def at(cls, file: LocalFile | RemoteFile, inner: str = "") -> ZarrZip:
        """Read the directory of a zip file.

        Parameters
        ----------
        inner
            The folder in it that is meant; by default its top, or the only folder there.

        Raises
        ------
        BadInputError
            If it is damaged, or there is no Zarr group in it.
        """
        entries = read_directory(file, file.size)
        prefix = f"{inner}/" if inner else _find_root(entries)
        names = (*ROOT_METADATA, ".zarray")
        here = {name: entries[prefix + name] for name in names if prefix + name in entries}
        if not here:
            raise BadInputError(f"{file.path} {_what_else(entries, prefix)}")
        for name, entry in here.items():
            check_size(f"{name} in {file.path}", entry.nbytes)
        reader = EntryReader(file)
        refuse_no_zarr(file.path, {name: reader.read(entry) for name, entry in here.items()}, ())
        return cls(file, prefix)

    @property
    def path(self) -> str:
        """Path or URL, without secrets."""
        return f"{self.file.path}/{self.prefix}".rstrip("/")

    @property
    def fingerprint(self) -> str:
        """Changes when the file does."""
        return self.file.fingerprint

    def check(self) -> None:
        """Raise BadInputError if the file has changed."""
        self.file.check()

    def raise_failure(self, store: ZipStore) -> None:
        """Raise a failure of the file's store that was mistaken for damage of one part and skipped."""
        failure, store.error = store.error, None
        if failure is not None:
            raise failure

    def for_zarr(self) -> ZipStore:
        """The store to pass to zarr."""
        entries = read_directory(self.file, self.file.size)
        return ZipStore(self.file, entries, self.prefix, _documents(self) if self.remote else {})

    def open_file(self, key: str) -> ZippedFile | None:
        """A file that is no part of an array; None if there is none."""
        entry = read_directory(self.file, self.file.size).get(self.prefix + key)
        return None if entry is None else ZippedFile(self.file, entry)

    @property
    def remote(self) -> bool:
        """Whether the zip file is across a network."""
        return isinstance(self.file, RemoteFile)

    def stored_nbytes(self, key: str) -> int | None:
        """Bytes of the chunks of one array."""
        return _sizes(self.file, self.prefix)[key]


def _find_root(entries: Mapping[str, ZipEntry]) -> str:
    """The root if it has metadata, else the only folder: most programs zip a folder with its name."""
    if any(name in entries for name in ROOT_METADATA):
        return ""
    tops = {f"{key.partition('/')[0]}/" for key in entries if "/" in key and not key.startswith(_OF_MACOS)}
    found = [top for top in tops if any(f"{top}{name}" in entries for name in ROOT_METADATA)]
    return found[0] if len(found) == 1 else ""


def _what_else(entries: Mapping[str, ZipEntry], prefix: str) -> str:
    if prefix:
        return f"is a zip file without a Zarr group at {prefix.rstrip('/')!r}"
    tops = sorted({key.partition("/")[0] for key in entries if not key.startswith(_OF_MACOS)})
    stores = [top for top in tops if any(f"{top}/{name}" in entries for name in ROOT_METADATA)]
    if stores:
        return f"is a zip file with several Zarr groups; unpack it and give one: {', '.join(stores[:10])}"
    names = ", ".join(tops[:10]) or "nothing"
    return f"is a zip file without a Zarr store at its top; unpack it and give the AnnData in it: {names}"


@lru_cache(maxsize=16)
def _sizes(file: LocalFile | RemoteFile, prefix: str) -> Counter[str]:
    entries = read_directory(file, file.size)
    start = len(prefix)
    below = {key[start:]: each.stored_nbytes for key, each in entries.items() if key.startswith(prefix)}
    return chunk_nbytes(below, frozenset(filter(is_metadata, below)))


@lru_cache(maxsize=4)
def _documents(root: ZarrZip) -> Mapping[str, bytes]:
    """Metadata of a remote zip file, in one request: of the root, or all if the root lacks some."""
    entries = read_directory(root.file, root.file.size)
    reader, start = EntryReader(root.file), len(root.prefix)
    top = [entries[root.prefix + name] for name in ROOT_METADATA if root.prefix + name in entries]
    found = {entry.key[start:]: data for entry, data in reader.read_many(top)}
    if root.consolidated and consolidated_names(found) is not None:
        return found
    wanted = [
        entry
        for key, entry in entries.items()
        if key.startswith(root.prefix) and is_metadata(key) and entry.nbytes <= _LARGEST_DOCUMENT
    ]
    return {entry.key[start:]: data for entry, data in reader.read_many(wanted)}
