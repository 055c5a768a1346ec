"""A Zarr array, versions 2 and 3, read by zarr-python, which fetches and decodes chunks in threads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.source.arrays import TEXT, Storage, array_dtype, to_native, to_text

_READ_NBYTES = 16 << 20  # zarr holds all chunks of one request twice, so requests are cut
_LISTED_CHUNKS = 4096  # more chunk files than this are not worth counting their bytes


@dataclass(frozen=True, slots=True)
class ZarrFolder:
    """A Zarr store as it was when the source was opened. Hashable, picklable.

    Attributes
    ----------
    path
        Absolute.
    fingerprint
        So that a cache keyed by this object never serves old metadata.
    consolidated
        False where the consolidated metadata were found wanting.
    """

    path: str
    fingerprint: str
    consolidated: bool = True


@lru_cache(maxsize=16)
def open_zarr_group(folder: ZarrFolder) -> zarr.Group:
    """Open the root; cached, as it holds metadata only, no file."""
    # None: consolidated metadata where there are any.
    return zarr.open_group(folder.path, mode="r", use_consolidated=None if folder.consolidated else False)


@lru_cache(maxsize=512)
def _open_array(folder: ZarrFolder, key: str) -> Any:
    return open_zarr_group(folder)[key] if key else zarr.open_array(folder.path, mode="r")


@dataclass(frozen=True, slots=True)
class ZarrArray:
    """One array, or one field of a structured array; see `StoredArray`. Holds no handle."""

    folder: ZarrFolder
    key: str
    field: str | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _storage: Storage

    @classmethod
    def of(cls, folder: ZarrFolder, array: Any, field: str | None = None) -> ZarrArray:
        """Describe an open array."""
        dtype = array.dtype if field is None else array.dtype[field]
        base, inner = dtype.subdtype or (dtype, ())
        compression = "+".join(_codec_name(codec) for codec in array.compressors)
        storage = Storage(tuple(array.chunks), _stored_nbytes(folder, array), compression)
        return cls(folder, array.path, field, array.shape + inner, array_dtype(base), storage)

    def storage(self) -> Storage:
        """How it lies in its store."""
        return self._storage

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a rectangle; see `StoredArray`.

        Needs the result and, beside it, about `_READ_NBYTES` or a row of chunks twice.

        Raises
        ------
        BadInputError
            If a chunk does not decode: names store and key.
        """
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        if not bounds:
            return self._request(())
        shape = [part.stop - part.start for part in bounds]
        if self.dtype == TEXT or self.field is not None or 0 in shape:
            return self._request(bounds)
        values = np.empty(shape, self.dtype)
        rows = bounds[0]
        for start in range(rows.start // self._step(shape) * self._step(shape), rows.stop, self._step(shape)):
            first, last = max(start, rows.start), min(start + self._step(shape), rows.stop)
            values[first - rows.start : last - rows.start] = self._request((slice(first, last), *bounds[1:]))
        return values

    def _step(self, shape: list[int]) -> int:
        """Rows a request, in whole chunks."""
        height = (self._storage.chunks or (1,))[0]
        row_nbytes = int(np.prod(shape[1:], dtype=np.int64)) * self.dtype.itemsize
        return max(1, _READ_NBYTES // max(1, row_nbytes * height)) * height

    def _request(self, bounds: tuple[slice, ...]) -> npt.NDArray[Any]:
        try:
            array = _open_array(self.folder, self.key)
            part: npt.NDArray[Any] = np.asarray(array[bounds[: array.ndim]])
        except Exception as error:  # every codec library has its own kinds
            rows = f"rows {bounds[0].start} to {bounds[0].stop} of " if bounds else ""
            raise BadInputError(
                f"{rows}{self.key} in {self.folder.path} cannot be read, the store is damaged: {error}"
            ) from error
        if self.field is not None:
            part = part[self.field][
                (slice(None),) * array.ndim + bounds[array.ndim :]
            ]  # a field may be an array itself
        return to_text(part) if self.dtype == TEXT else to_native(part)


def _codec_name(codec: Any) -> str:
    return str(getattr(codec, "codec_id", None) or type(codec).__name__.removesuffix("Codec").lower())


def _stored_nbytes(folder: ZarrFolder, array: Any) -> int | None:
    """Bytes of the chunk files, where they are few enough to list."""
    cell = array.shards or array.chunks
    n_files = math.prod(-(-length // size) for length, size in zip(array.shape, cell, strict=True))
    if n_files > _LISTED_CHUNKS:
        return None
    files = (path for path in (Path(folder.path) / str(array.path)).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if not path.name.startswith((".z", "zarr.json")))
