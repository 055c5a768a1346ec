"""The interface of every target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.targets.document_store import DocumentStore


class Sink(Protocol):
    """What tasks write to."""

    @property
    def prefix(self) -> str:
        """What all keys but those of the entry documents begin with.

        Empty, but where an older bundle lies that cannot be replaced at once: then the new objects get
        names of their own, ``v-1a2b3c4d/...``, and no reader meets new objects by old names.
        """
        ...

    def put(self, blob: Blob) -> Receipt:
        """Write one object, unseen by readers until the bundle is sealed."""
        ...

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one object piece by piece; it is never in memory as a whole."""
        ...

    def batch(self) -> AbstractContextManager[Sink]:
        """A sink that writes several objects at the same time; at its end all of them are written."""
        ...


class Target(Sink, Protocol):
    """A place that a bundle is written to. Picklable; every task writes its own objects."""

    @property
    def location(self) -> str:
        """Where the bundle will be, for people."""
        ...

    def seal(self) -> None:
        """Show the whole bundle at once, in place of an older one."""
        ...

    def abort(self) -> None:
        """Take back everything that was put. An older bundle stays as it was."""
        ...

    def keep(self) -> None:
        """Leave everything that was put to an export that goes on with it."""
        ...

    def holds(self) -> Callable[[Receipt], bool]:
        """Look at what is there; gives whether an object of an earlier run is there and true."""
        ...

    def documents(self) -> DocumentStore:
        """Where the ledger is kept until the seal."""
        ...
