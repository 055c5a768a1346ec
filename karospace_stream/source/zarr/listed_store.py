"""Base of the read-only Zarr stores that know all their metadata keys."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable
from typing import Any

from zarr.abc.store import ByteRequest, Store


class ListedStore(Store):  # type: ignore[misc] # zarr is not type-checked
    """Lists metadata documents, which is all that zarr needs to find groups and arrays."""

    supports_writes = False
    supports_deletes = False
    supports_listing = True

    def __init__(self) -> None:
        super().__init__(read_only=True)

    @abstractmethod
    def _listed(self) -> Iterable[str]:
        """Keys of all metadata."""

    async def get_partial_values(
        self, prototype: Any, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Any]:
        """Read parts of several objects."""
        return await asyncio.gather(*(self.get(key, prototype, part) for key, part in key_ranges))

    async def list(self) -> AsyncIterator[str]:
        """Keys of all metadata."""
        for key in sorted(self._listed()):
            yield key

    async def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """Keys of all metadata that begin so."""
        for key in sorted(self._listed()):
            if key.startswith(prefix):
                yield key

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Names right below a group, of documents and of groups and arrays."""
        for name in self.names_below(prefix):
            yield name

    def names_below(self, path: str) -> tuple[str, ...]:
        """Names right below a group, of documents and of groups and arrays."""
        folder = f"{path.rstrip('/')}/" if path else ""
        below = (key[len(folder) :] for key in self._listed() if key.startswith(folder))
        return tuple(sorted({key.partition("/")[0] for key in below}))

    async def set(self, key: str, value: Any) -> None:
        """Refuse: the store is read-only."""
        raise NotImplementedError

    async def delete(self, key: str) -> None:
        """Refuse: the store is read-only."""
        raise NotImplementedError
