"""Open a Zarr store at any location, once per process: only metadata stay in memory."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, Protocol

import zarr
from zarr.storage import StorePath

from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.zarr.bounds import bounded
from karospace_stream.source.zarr.local_store import FolderStore
from karospace_stream.source.zarr.remote_store import RangedStore


class ZarrRoot(Protocol):
    """A Zarr store as it was when the source was opened. Hashable, picklable; holds nothing open."""

    def __hash__(self) -> int:
        """Hash of the state at opening, by which caches find it."""
        ...

    @property
    def path(self) -> str:
        """For messages; shows no secrets."""
        ...

    @property
    def fingerprint(self) -> str:
        """Text that changes with the store."""
        ...

    @property
    def consolidated(self) -> bool:
        """False if the consolidated metadata are incomplete."""
        ...

    def check(self) -> None:
        """Raise BadInputError if the store has changed since the source was opened."""
        ...

    def for_zarr(self) -> Any:
        """The path or store to pass to zarr."""
        ...

    def open_file(self, key: str) -> StoredFile | None:
        """A file of the store that is no part of an array; None if there is none."""
        ...

    @property
    def remote(self) -> bool:
        """Whether it is across a network, so that fetched data are worth caching."""
        ...

    def stored_nbytes(self, key: str) -> int | None:
        """Bytes of the chunks of one array; None if unknown."""
        ...


@lru_cache(maxsize=16)
def open_zarr_group(root: ZarrRoot) -> zarr.Group:
    """Open the root group."""
    # None: use consolidated metadata if there are any.
    consolidated = None if root.consolidated else False
    return zarr.open_group(root.for_zarr(), mode="r", use_consolidated=consolidated)


@lru_cache(maxsize=512)
def open_zarr_array(root: ZarrRoot, key: str) -> Any:
    """Open one array whose chunks inflate at most to the size that its shape allows."""
    array = open_zarr_group(root)[key] if key else zarr.open_array(root.for_zarr(), mode="r")
    return bounded(array, partial(_store_path, array.store_path))


def _store_path(path: Any, most: int) -> Any:
    """Location of the array; the sizes of its objects are bounded as well."""
    if isinstance(path.store, FolderStore):
        return StorePath(FolderStore(path.store.root, most=most), path.path)
    if isinstance(path.store, RangedStore):
        return StorePath(path.store.within(most), path.path)
    return path
