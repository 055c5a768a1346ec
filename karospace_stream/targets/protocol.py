"""The interface of every target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Location
from karospace_stream.targets.document_store import DocumentStore


class Sink(Protocol):
    """The destination that tasks write to."""

    @property
    def prefix(self) -> str:
        """Prefix of all keys except those of the entry documents.

        Empty, unless there is an older bundle that cannot be replaced in one step: then the new objects get
        names of their own, ``v-1a2b3c4d/...``, and no reader gets new objects under old names.
        """
        ...

    def put(self, blob: Blob) -> Receipt:
        """Write one object, unseen by readers until the bundle is sealed."""
        ...

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one object piece by piece; it is never completely in memory."""
        ...

    def batch(self) -> AbstractContextManager[Sink]:
        """A sink that writes several objects at the same time; at its end all of them are written."""
        ...


class Target(Sink, Protocol):
    """The location that a bundle is written to. Picklable; every task writes its own objects."""

    @property
    def location(self) -> str:
        """Location of the finished bundle, for people."""
        ...

    @property
    def shared_paths(self) -> tuple[str, ...]:
        """Local paths that every writing process must see."""
        ...

    @property
    def scratch_root(self) -> Location | None:
        """A location for scratch that all workers of a cluster see; None if there is none."""
        ...

    def n_objects(self, written: int) -> int:
        """Number of files that readers see if so many were written."""
        ...

    def seal(self) -> None:
        """Publish the complete bundle in one step, replacing an older one."""
        ...

    def abort(self) -> None:
        """Discard everything that was put. An older bundle stays as it was."""
        ...

    def keep(self) -> None:
        """Leave everything that was put for an export that resumes this one."""
        ...

    def holds(self) -> Callable[[Receipt], bool]:
        """List the objects; returns a test whether an object of an earlier run is there and intact."""
        ...

    def documents(self) -> DocumentStore:
        """The store of the ledger until the seal."""
        ...
