"""A local target whose files are read while others are still being written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Location
from karospace_stream.targets.document_store import DocumentStore
from karospace_stream.targets.protocol import Target

_PART = ".part"


@dataclass(frozen=True, slots=True)
class LiveTarget:
    """Makes each file of ``inner`` appear complete: it is written under another name first.

    Attributes
    ----------
    folder
        Where ``inner`` writes its files.
    """

    inner: Target
    folder: str

    @property
    def location(self) -> str:
        """The folder."""
        return self.inner.location

    @property
    def prefix(self) -> str:
        """Empty, since the folder is replaced at once."""
        return self.inner.prefix

    @property
    def shared_paths(self) -> tuple[str, ...]:
        """The paths of ``inner``."""
        return self.inner.shared_paths

    @property
    def scratch_root(self) -> Location | None:
        """The scratch root of ``inner``."""
        return self.inner.scratch_root

    def n_objects(self, written: int) -> int:
        """The number of objects of ``inner``."""
        return self.inner.n_objects(written)

    @contextmanager
    def batch(self) -> Iterator[LiveTarget]:
        """Write files one by one."""
        yield self

    def put(self, blob: Blob) -> Receipt:
        """Write one file, as `inner` does."""
        return self._show(self.inner.put(replace(blob, key=blob.key + _PART)))

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one file piece by piece."""
        return self._show(self.inner.put_pieces(key + _PART, pieces, media_type))

    def seal(self) -> None:
        """Publish ``inner``."""
        self.inner.seal()

    def abort(self) -> None:
        """Discard what ``inner`` has."""
        self.inner.abort()

    def keep(self) -> None:
        """Leave what ``inner`` has."""
        self.inner.keep()

    def holds(self) -> Callable[[Receipt], bool]:
        """List what ``inner`` holds."""
        return self.inner.holds()

    def documents(self) -> DocumentStore:
        """The documents of ``inner``."""
        return self.inner.documents()

    def _show(self, receipt: Receipt) -> Receipt:
        path = f"{self.folder}/{receipt.key}"
        os.replace(path, path.removesuffix(_PART))  # noqa: PTH105 - tens of thousands of small files
        return replace(receipt, key=receipt.key.removesuffix(_PART))
