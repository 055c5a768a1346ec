"""A Zarr store in a local folder, for zarr-python: regular files inside the folder, no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import Any

from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.core.buffer import default_buffer_prototype
from zarr.storage import LocalStore

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.source.zarr.documents import read_document
from karospace_stream.source.zarr.keys import check_key, is_metadata
from karospace_stream.source.zarr.structure import check_structure
from karospace_stream.storage import open_regular


class FolderStore(LocalStore):  # type: ignore[misc] # zarr is not type-checked
    """Reads files below a folder.

    zarr's own follows a key wherever it leads, waits for a pipe forever, takes a folder for a chunk that
    was never written, and all of a file into memory however large it is.

    Parameters
    ----------
    most
        Bytes that one chunk or shard may have; None for any number.
    """

    def __init__(self, root: Path | str, *, read_only: bool = True, most: int | None = None) -> None:
        super().__init__(root, read_only=read_only)
        self._most = most

    def names_below(self, path: str) -> tuple[str, ...]:
        """Names right below a group."""
        check_key(path, str(self.root))
        return tuple(item.name for item in (self.root / path).iterdir())

    async def get(self, key: str, prototype: Any = None, byte_range: ByteRequest | None = None) -> Any:
        """All or a part of one file; None if there is none."""
        return await asyncio.to_thread(self._read, key, prototype, byte_range)

    def get_sync(self, key: str, *, prototype: Any = None, byte_range: ByteRequest | None = None) -> Any:
        """Read all or a part of one file at once; None if there is none."""
        return self._read(key, prototype, byte_range)

    async def get_partial_values(
        self, prototype: Any, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Any]:
        """Read parts of several files."""
        return [await self.get(key, prototype, part) for key, part in key_ranges]

    def _read(self, key: str, prototype: Any, part: ByteRequest | None) -> Any:
        check_key(key, str(self.root))
        path = self.root / key
        try:
            is_document = is_metadata(key) and part is None
            data = read_document(path) if is_document else self._read_part(path, part)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise BadInputError(
                f"{key} in {self.root} cannot be read: {why}; the store is damaged"
            ) from error
        if is_document:
            check_structure(str(path), data)
        return (prototype or default_buffer_prototype()).buffer.from_bytes(data)

    def _read_part(self, path: Path, part: ByteRequest | None) -> bytes:
        with open_regular(path) as file:
            size = file.seek(0, 2)
            if size == 0:  # zarr would take an empty shard for one that was never written
                raise DamagedError(f"{path} must hold values, but is empty; it is damaged")
            start, stop = _bounds(part, size)
            if self._most is not None and stop - start > self._most:
                raise BadInputError(
                    f"{path} must have at most {self._most:,} bytes, got {stop - start:,}; it is damaged"
                )
            file.seek(start)
            return _read_all(file, max(0, stop - start))


def _bounds(part: ByteRequest | None, size: int) -> tuple[int, int]:
    match part:
        case RangeByteRequest(start, end):
            return start, min(end, size)
        case OffsetByteRequest(offset):
            return offset, size
        case SuffixByteRequest(suffix):
            return max(0, size - suffix), size
        case _:
            return 0, size


def _read_all(file: FileIO, nbytes: int) -> bytes:
    """Read up to ``nbytes``, in several calls: the kernel returns at most 2 GiB per call."""
    pieces = [file.read(nbytes) or b""]
    while pieces[-1] and sum(map(len, pieces)) < nbytes:
        pieces.append(file.read(nbytes - sum(map(len, pieces))) or b"")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
