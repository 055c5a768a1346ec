"""Small documents that a run stores for a later run that may have to resume it.

All methods raise `TargetError` if they fail, and `DamagedLedgerError` if a document cannot be one of ours.
"""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store, TooLargeError, UnreadableFileError, read_regular

_JSON = Headers("application/json", "no-cache")
_MOST_NBYTES = 256 << 20  # of one document


class DamagedLedgerError(TargetError):
    """A document of the ledger is no regular file, or far too large: trying again does not help."""


class DocumentStore(Protocol):
    """Documents by name. Picklable: tasks on other machines put theirs."""

    def put(self, name: str, data: bytes) -> None:
        """Write a document; it appears completely or not at all."""
        ...

    def read(self, name: str) -> bytes | None:
        """One document; None if it does not exist."""
        ...

    def names(self) -> list[str]:
        """Names of the documents."""
        ...

    def read_all(self) -> Mapping[str, bytes]:
        """All documents by name."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Delete those of the documents that are there."""
        ...


@dataclass(frozen=True, slots=True)
class FolderDocuments:
    """Files in a folder."""

    folder: str

    def put(self, name: str, data: bytes) -> None:
        """Write a file under another name first: a process may be killed at any moment."""
        path = Path(self.folder) / name
        part = path.with_name(f".{name}.{secrets.token_hex(4)}")
        with _as_target_error(self.folder, "written"):
            try:
                part.write_bytes(data)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                part.write_bytes(data)
            part.replace(path)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file."""
        with _as_target_error(self.folder, "read"):
            try:
                return read_regular(Path(self.folder) / name, _MOST_NBYTES)
            except FileNotFoundError:
                return None

    def names(self) -> list[str]:
        """Names of the files, except unfinished ones."""
        with _as_target_error(self.folder, "read"), suppress(FileNotFoundError):
            return [path.name for path in Path(self.folder).iterdir() if not path.name.startswith(".")]
        return []

    def read_all(self) -> Mapping[str, bytes]:
        """All files by name, except unfinished ones."""
        with _as_target_error(self.folder, "read"):
            return {name: read_regular(Path(self.folder) / name, _MOST_NBYTES) for name in self.names()}

    def remove(self, names: Iterable[str]) -> None:
        """Delete files."""
        with _as_target_error(self.folder, "changed"):
            for name in names:
                (Path(self.folder) / name).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class StoreDocuments:
    """Objects in a folder of a store."""

    store: Store
    folder: str

    def put(self, name: str, data: bytes) -> None:
        """Write an object."""
        with _as_target_error(self.store.shown, "written"):
            self.store.put(f"{self.folder}/{name}", data, _JSON)

    def read(self, name: str) -> bytes | None:
        """The bytes of an object."""
        with _as_target_error(self.store.shown, "read"):
            try:
                return self.store.read_document(f"{self.folder}/{name}", _MOST_NBYTES)
            except FileNotFoundError:
                return None

    def names(self) -> list[str]:
        """Names of the objects."""
        with _as_target_error(self.store.shown, "read"):
            return [key.removeprefix(f"{self.folder}/") for key in self.store.find(self.folder)]

    def read_all(self) -> Mapping[str, bytes]:
        """All objects by name, fetched at the same time."""
        with _as_target_error(self.store.shown, "read"):
            found = self.store.find(self.folder)
            large = next((key for key, about in found.items() if about.size > _MOST_NBYTES), None)
            if large is not None:
                raise UnreadableFileError(errno.EFBIG, f"{large} has {found[large].size:,} bytes")
            whole = self.store.read_ranges([(key, 0, about.size) for key, about in found.items()])
        return {key.removeprefix(f"{self.folder}/"): data for key, data in zip(found, whole, strict=True)}

    def remove(self, names: Iterable[str]) -> None:
        """Delete objects, many with one request."""
        with _as_target_error(self.store.shown, "changed"):
            self.store.delete([f"{self.folder}/{name}" for name in names])


@contextmanager
def _as_target_error(where: str, verb: str) -> Iterator[None]:
    try:
        yield
    except (UnreadableFileError, TooLargeError) as error:
        raise DamagedLedgerError(
            f"{where}: the ledger of an unfinished export is damaged: {error.strerror or error}; remove it "
            "with: karospace-stream clean TARGET"
        ) from error
    except OSError as error:
        raise TargetError(
            f"{where}: the ledger could not be {verb}: {error.strerror or error}; make room, check the "
            "target, or name another"
        ) from error
