"""What every target can do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from karospace_stream.model.blob import Blob, Receipt


class Target(Protocol):
    """A place that a bundle is written to. Picklable; every task writes its own objects."""

    @property
    def location(self) -> str:
        """Where the bundle will be, for people."""
        ...

    def put(self, blob: Blob) -> Receipt:
        """Write one object, unseen by readers until `seal`."""
        ...

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one object piece by piece; it is never in memory as a whole."""
        ...

    def seal(self) -> None:
        """Show the whole bundle at once, in place of an older one."""
        ...

    def abort(self) -> None:
        """Take back everything that was put. An older bundle stays as it was."""
        ...
