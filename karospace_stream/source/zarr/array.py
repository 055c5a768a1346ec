"""A Zarr array, versions 2 and 3, read by zarr-python, which fetches and decodes chunks in threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.arrays import TEXT, Storage, array_dtype, to_native, to_text
from karospace_stream.source.files.prefetch import KEPT_NBYTES, ReadCache
from karospace_stream.source.problems.damage import unreadable_values
from karospace_stream.source.problems.limits import check_declared_shape
from karospace_stream.source.problems.unreadable import reason
from karospace_stream.source.zarr.root import ZarrRoot, open_zarr_array

_READ_NBYTES = 16 << 20  # zarr holds all chunks of one request twice, so requests are cut
_SMALL_NBYTES = 1 << 20
_TEXT_NBYTES = 100  # of one string in memory

_KEPT: ReadCache[npt.NDArray[Any]] = ReadCache()


@dataclass(frozen=True, slots=True)
class ZarrArray:
    """One array, or one field of a structured array; see `StoredArray`. Holds no handle."""

    root: ZarrRoot
    key: str
    field: str | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _storage: Storage

    @classmethod
    def of(cls, root: ZarrRoot, array: Any, field: str | None = None) -> ZarrArray:
        """Describe an open array."""
        dtype = array.dtype if field is None else array.dtype[field]
        base, inner = dtype.subdtype or (dtype, ())
        compression = "+".join(_codec_name(codec) for codec in array.compressors)
        storage = Storage(tuple(array.chunks), root.stored_nbytes(array.path), compression)
        try:
            check_declared_shape(array.shape, dtype.itemsize, array.shards or array.chunks, storage.nbytes)
        except BadInputError as error:
            raise BadInputError(f"{array.path} in {root.path} cannot be read: {error}") from error
        return cls(root, array.path, field, array.shape + inner, array_dtype(base), storage)

    def storage(self) -> Storage:
        """Its layout in the store."""
        return self._storage

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a rectangle; see `StoredArray`.

        Needs the result and, in addition, about `_READ_NBYTES` or a row of chunks twice.

        Raises
        ------
        BadInputError
            If a chunk does not decode: names store and key.
        """
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        shape = [part.stop - part.start for part in bounds]
        keeps = self._keeps()
        if not bounds or 0 in shape or self.field is not None or (self.dtype == TEXT and not keeps):
            return self._request(bounds)
        values = np.empty(shape, self.dtype)
        rows, rest = bounds[0], bounds[1:]
        for start, stop in self._pieces(rows, shape, borders=keeps):
            part = self._part(start, stop) if keeps else self._request((slice(start, stop), *rest))
            values[start - rows.start : stop - rows.start] = part
            del part
        return values

    def _keeps(self) -> bool:
        """Whether to cache partly used chunks, as the rest will be needed and would be fetched again."""
        if not self.root.remote or len(self.shape) != 1:
            return False
        return self.dtype != TEXT or self._height() * _TEXT_NBYTES <= KEPT_NBYTES

    def _height(self) -> int:
        return (self._storage.chunks or (1,))[0]

    def _pieces(self, rows: slice, shape: list[int], *, borders: bool) -> Iterator[tuple[int, int]]:
        """Cut rows into requests of complete chunks; partial chunks get their own if ``borders``."""
        height = self._height()
        row_nbytes = int(np.prod(shape[1:], dtype=np.int64)) * self.dtype.itemsize
        step = max(1, _READ_NBYTES // max(1, row_nbytes * height)) * height
        cuts = {*range(rows.start // step * step + step, rows.stop, step)}
        if borders:
            cuts |= {-(-rows.start // height) * height, rows.stop // height * height}
        inner = sorted(cut for cut in cuts if rows.start < cut < rows.stop)
        yield from pairwise([rows.start, *inner, rows.stop])

    def _part(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Rows of complete chunks, or a part of one; small arrays are cached, as they are read often."""
        height, length = self._height(), self.shape[0]
        first = start // height * height
        end = min(first + height, length)
        itemsize = _TEXT_NBYTES if self.dtype == TEXT else self.dtype.itemsize
        used_whole = start == first and stop == end
        if stop > end or (used_whole and length * itemsize > _SMALL_NBYTES):
            return self._request((slice(start, stop),))
        values = _KEPT.get(
            (self.root, self.key, first),
            (end - first) * itemsize,
            lambda: self._request((slice(first, end),)),
        )
        return values[start - first : stop - first]

    def _request(self, bounds: tuple[slice, ...]) -> npt.NDArray[Any]:
        try:
            array = open_zarr_array(self.root, self.key)
            part: npt.NDArray[Any] = np.asarray(array[bounds[: array.ndim]])
            if self.field is not None:  # a field may be an array itself
                part = part[self.field][(slice(None),) * array.ndim + bounds[array.ndim :]]
            return to_text(part) if self.dtype == TEXT else to_native(part)
        except Exception as error:  # every codec library has its own kinds
            if isinstance(error, BadInputError) and self.root.path in str(error):  # of our own store
                raise
            self.root.check()  # or is it just another store than it was?
            rows = f"rows {bounds[0].start} to {bounds[0].stop} of " if bounds else ""
            damage = (
                f"{rows}{self.key} in {self.root.path} cannot be read, the store is damaged: {reason(error)}"
            )
            raise unreadable_values(damage, error) from error


def _codec_name(codec: Any) -> str:
    return str(getattr(codec, "codec_id", None) or type(codec).__name__.removesuffix("Codec").lower())
