"""A Zarr store on an object store or a web server, with the interface that zarr-python requires.

This is not zarr's own store on fsspec, which does not retry, requests the ends of shards in a way that not
all stores understand, and requests each piece of metadata in turn.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    SuffixByteRequest,
)

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.errors import reading
from karospace_stream.source.files.prefetch import ReadCache
from karospace_stream.source.zarr.documents import check_document
from karospace_stream.source.zarr.keys import check_key, is_metadata
from karospace_stream.source.zarr.listed_store import ListedStore
from karospace_stream.source.zarr.structure import check_structure
from karospace_stream.storage import Location
from karospace_stream.storage import Store as Objects

_ENDS_NBYTES = 1 << 20


class RangedStore(ListedStore):
    """Reads objects by key, with retries, and the ends of shards by their absolute offset.

    Parameters
    ----------
    documents
        Metadata that are known already.
    names
        Keys of all metadata; None if they are not known.
    """

    def __init__(
        self, location: Location, documents: Mapping[str, bytes], names: frozenset[str] | None = None
    ) -> None:
        super().__init__()
        self._location = location
        self._objects = Objects(location)
        self._documents = documents
        self._names = names
        self._ends: ReadCache[bytes] = ReadCache(_ENDS_NBYTES)
        self._most: int | None = None
        self._failed: list[BaseException] = []  # at most one; shared by all that `within` makes

    def within(self, most: int) -> RangedStore:
        """Return the store, but it fetches at most ``most`` bytes of an object."""
        made = copy.copy(self)
        made._most = most
        return made

    def take_failure(self) -> BaseException | None:
        """The first failure of the store since the last call."""
        return self._failed.pop() if self._failed else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RangedStore) and self._location == other._location

    def __hash__(self) -> int:
        return hash(self._location)

    def __repr__(self) -> str:
        return f"<{self._location.shown}>"

    async def get(self, key: str, prototype: Any, byte_range: ByteRequest | None = None) -> Any:
        """All or a part of one object; None if there is none."""
        check_key(key, self._location.shown)
        try:
            data = await self._get(key, byte_range)
        except BaseException as error:
            if not self._failed:
                self._failed.append(error)
            raise
        if data is not None and self._most is not None and not is_metadata(key) and len(data) > self._most:
            raise BadInputError(
                f"{self._location.shown}/{key} must have at most {self._most:,} bytes, but is larger; "
                "it is damaged"
            )
        if data is not None and is_metadata(key) and byte_range is None:
            check_document(f"{self._location.shown}/{key}", data)
            check_structure(f"{self._location.shown}/{key}", data)
        return None if data is None else prototype.buffer.from_bytes(data)

    async def _get(self, key: str, part: ByteRequest | None) -> bytes | None:
        if is_metadata(key):
            if key in self._documents:
                return self._documents[key]
            if self._names is not None and key not in self._names:
                return None
        with reading(self._location.shown):
            try:
                # Shielded: others may wait for the same read.
                data: bytes | None = await asyncio.shield(asyncio.wrap_future(self._begin(key, part)))
                return data
            except FileNotFoundError:
                return None
            except PermissionError:
                # Stores that may not be listed report a missing object as forbidden.
                if is_metadata(key) and self._documents:
                    return None
                raise

    def _begin(self, key: str, part: ByteRequest | None) -> Future[Any]:
        # One byte more than allowed shows that there is more.
        most = None if is_metadata(key) or self._most is None else self._most + 1
        match part:
            case RangeByteRequest(start, end):
                stop = end if most is None else min(end, start + most)
                return self._objects.start_range(key, start, stop)
            case OffsetByteRequest(offset):
                return self._objects.start_tail(key, offset)
            case SuffixByteRequest(nbytes):  # the index of a shard, which every read needs
                return self._ends.begin((key, nbytes), nbytes, lambda: self._objects.start_tail(key, -nbytes))
            case None if most is not None:
                return self._objects.start_up_to(key, most)
            case _:
                return self._objects.start_read(key)

    async def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        return await asyncio.to_thread(self._objects.info, key) is not None

    def _listed(self) -> frozenset[str]:
        if self._names is None:
            raise cannot_list(self._location)
        return self._names


def cannot_list(location: Location) -> BadInputError:
    """The error for a store that has no list of its parts and cannot be listed either."""
    return BadInputError(
        f"{location.shown} has no consolidated metadata and lies where folders cannot be listed; write them "
        "with zarr.consolidate_metadata(...), or read it from where it can be listed (s3://, gs://, az://)"
    )
