"""A local target whose files are read while others are still being written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Location
from karospace_stream.targets.document_store import DocumentStore
from karospace_stream.targets.local.folder import LocalTarget

_PART = ".part"


@dataclass(frozen=True, slots=True)
class LiveTarget:
    """Makes each file of ``inner`` appear complete: it is written under another name first."""

    inner: LocalTarget

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
        """See `LocalTarget`."""
        return self.inner.shared_paths

    @property
    def scratch_root(self) -> Location | None:
        """See `LocalTarget`."""
        return self.inner.scratch_root

    def n_objects(self, written: int) -> int:
        """See `LocalTarget`."""
        return self.inner.n_objects(written)

    @contextmanager
    def batch(self) -> Iterator[LiveTarget]:
        """Write files one by one."""
        yield self

    def put(self, blob: Blob) -> Receipt:
        """Write one file, as `LocalTarget.put` does."""
        return self._show(self.inner.put(replace(blob, key=blob.key + _PART)))

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one file piece by piece."""
        return self._show(self.inner.put_pieces(key + _PART, pieces, media_type))

    def seal(self) -> None:
        """See `LocalTarget.seal`."""
        self.inner.seal()

    def abort(self) -> None:
        """See `LocalTarget.abort`."""
        self.inner.abort()

    def keep(self) -> None:
        """See `LocalTarget.keep`."""
        self.inner.keep()

    def holds(self) -> Callable[[Receipt], bool]:
        """See `LocalTarget.holds`."""
        return self.inner.holds()

    def documents(self) -> DocumentStore:
        """See `LocalTarget.documents`."""
        return self.inner.documents()

    def _show(self, receipt: Receipt) -> Receipt:
        path = f"{self.inner.staging}/{receipt.key}"
        os.replace(path, path.removesuffix(_PART))  # noqa: PTH105 - tens of thousands of small files
        return replace(receipt, key=receipt.key.removesuffix(_PART))
