"""A folder that somebody gave as input, on this machine or at a URL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.files.errors import reading
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.resolve.kind import Kind
from karospace_stream.storage import Location, Store

__all__ = ["AnyFile", "Files", "InputFolder", "list_folder"]


@dataclass(frozen=True, slots=True)
class InputFolder:
    """A folder and the names in it. Picklable.

    Attributes
    ----------
    place
        Its path or URL.
    names
        Of its files and folders; where it could not be listed, of those that were asked for and exist.
    listed
        Whether ``names`` has all of them. Web servers do not list folders.
    """

    place: Path | Location
    names: frozenset[str]
    listed: bool = True

    @property
    def shown(self) -> str:
        """The path or URL, for people."""
        return self.place.shown if isinstance(self.place, Location) else str(self.place)

    @property
    def name(self) -> str:
        """Name of the folder itself."""
        place = self.place
        return place.shown.rpartition("/")[2] if isinstance(place, Location) else place.absolute().name

    def has(self, path: str) -> bool:
        """Whether there is a file or folder at a path below the folder."""
        if path in self.names:
            return True
        if self.listed and "/" not in path:
            return False
        if isinstance(self.place, Path):
            return (self.place / path).exists()
        with reading(self.shown):
            store = Store(self.place.child(path))
            return store.info("") is not None or (self.listed and bool(store.names()))

    def first(self, *paths: str) -> str:
        """The first of some paths that is there; empty if none is."""
        return next((path for path in paths if self.has(path)), "")

    def shown_file(self, path: str) -> str:
        """Path or URL of a file below the folder, for people."""
        return f"{self.shown.rstrip('/')}/{path}"

    def file(self, path: str) -> AnyFile:
        """A file below the folder, to be read by ranges.

        Raises
        ------
        BadInputError
            If there is none.
        """
        if isinstance(self.place, Path):
            try:
                return LocalFile.at(self.place / path)
            except FileNotFoundError as error:
                raise BadInputError(f"{self.shown_file(path)} does not exist") from error
        found = RemoteFile.find(self.place.child(path))
        if found is None:
            raise BadInputError(f"{self.shown_file(path)} does not exist")
        return found

    def folder(self, name: str) -> InputFolder:
        """A folder in this one; without names if it does not exist."""
        return list_folder(self.place / name if isinstance(self.place, Path) else self.place.child(name))

    def open_source(self, path: str, kinds: Sequence[Kind] = ()) -> AnnDataSource:
        """Open a file or store below the folder: an AnnData, or one of some other kinds."""
        if isinstance(self.place, Path):
            return open_source(self.place / path, kinds=kinds)
        return open_source(self.place.child(path).url, storage_options=self.place.options, kinds=kinds)


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a source was opened from, where they are several; see `Origin`."""

    files: tuple[AnyFile, ...]

    @property
    def fingerprint(self) -> str:
        """Text that changes with any of them."""
        return " ".join(file.fingerprint for file in self.files)

    def check(self) -> None:
        """Raise BadInputError if one has changed since."""
        for file in self.files:
            file.check()


def list_folder(place: Path | Location, ask: Sequence[str] = ()) -> InputFolder:
    """Look what is in a folder.

    Parameters
    ----------
    ask
        Names to ask for one by one if the folder is on a web server, which does not list it.
    """
    if isinstance(place, Path):
        return InputFolder(place, frozenset(_names(place)))
    with reading(place.shown):
        if place.protocol == "http":
            found = (name for name in ask if Store(place.child(name)).info("") is not None)
            return InputFolder(place, frozenset(found), listed=False)
        return InputFolder(place, frozenset(Store(place).names()))


def _names(path: Path) -> list[str]:
    try:
        return os.listdir(path)  # noqa: PTH208 - names only
    except (FileNotFoundError, NotADirectoryError):
        return []


def location_above(location: Location) -> Location:
    """The folder in which a URL lies."""
    parts = urlsplit(location.url)
    folder = parts.path.rpartition("/")[0]
    return Location(urlunsplit((parts.scheme, parts.netloc, folder, parts.query, "")), location.options)
