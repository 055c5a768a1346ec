"""An HDF5 dataset read by ranges: HDF5 only says where the chunks are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.source.elements.arrays import TEXT, Storage, array_dtype, to_native, to_text
from karospace_stream.source.files.decode import decode_chunk, most_packed, pipeline_name
from karospace_stream.source.files.ranges import READ_NBYTES, Numbers, RangedFile, RangeReader
from karospace_stream.source.hdf5.bounds import check_chunks
from karospace_stream.source.hdf5.chunks import ChunkTable, chunk_table, dataset_filters
from karospace_stream.source.hdf5.external_files import check_stored_elsewhere
from karospace_stream.source.hdf5.file import open_hdf5
from karospace_stream.source.hdf5.heap import FEWEST_TEXTS, heap_records, heap_texts
from karospace_stream.source.hdf5.heap_check import check_heap
from karospace_stream.source.hdf5.strings import check_texts
from karospace_stream.source.problems.damage import unreadable_values
from karospace_stream.source.problems.limits import check_declared_shape
from karospace_stream.source.problems.unreadable import reason

_SMALL_NBYTES = 1 << 20
_BUILT_IN = frozenset({"", "gzip", "shuffle", "shuffle+gzip", "lzf", "shuffle+lzf", "fletcher32"})


@dataclass(frozen=True, slots=True)
class H5Array:
    """One dataset, or one field of a compound dataset. Holds no handle.

    Attributes
    ----------
    field
        Name of the compound's field; None for a plain dataset.
    dtype
        Native; `TEXT` for strings.
    """

    file: RangedFile
    key: str
    field: str | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _storage: Storage

    @classmethod
    def of(cls, file: RangedFile, dataset: h5py.Dataset, field: str | None = None) -> H5Array:
        """Describe an open dataset; raises BadInputError if it holds lists or references."""
        if dataset.file.filename != file.hdf5_name:  # behind an external link
            file = file.linked(dataset.file.filename)
        if dataset.shape is None:  # h5py.Empty: a type, but not even a shape
            raise BadInputError("it is an empty HDF5 dataset (a null dataspace), which holds no values")
        dtype, shape = dataset.dtype, dataset.shape
        if field is not None:
            dtype = dtype[field]
        base, inner = dtype.subdtype or (dtype, ())
        if base.kind == "O" and h5py.check_string_dtype(base) is None:
            raise BadInputError(
                f"values of the HDF5 type {h5py.check_dtype(ref=base) or 'vlen'} are not text"
            )
        check_stored_elsewhere(dataset)
        stored = None if dataset.is_virtual else dataset.id.get_storage_size()
        try:
            check_declared_shape(dataset.shape, dataset.dtype.itemsize, dataset.chunks, stored)
        except BadInputError as error:
            key = dataset.name.strip("/")
            raise BadInputError(f"{key} in {file.path} cannot be read: {error}") from error
        storage = Storage(dataset.chunks, stored, pipeline_name(dataset_filters(dataset)))
        return cls(file, dataset.name.strip("/"), field, shape + inner, array_dtype(base), storage)

    def storage(self) -> Storage:
        """Its layout in the file."""
        return self._storage

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a rectangle; see `StoredArray`.

        Needs the result, one ranged read and one chunk; no more.

        Raises
        ------
        BadInputError
            If the file ends too early, or a chunk does not decode: names file, key and chunk.
        """
        bounds += tuple(slice(0, length) for length in self.shape[len(bounds) :])
        if self.dtype == TEXT or self.dtype.names or self.field is not None or not bounds:
            return self._read_by_hdf5(bounds)
        table = self._table()
        if not table.direct:
            return self._read_by_hdf5(bounds)
        values = np.empty([part.stop - part.start for part in bounds], table.dtype)
        if values.size:
            with self.file.open() as ranges:
                self._fill(values, bounds, table, ranges)
        # In place: the plan does not include a second array of this size.
        return values if table.dtype.isnative else values.byteswap(inplace=True).view(self.dtype)

    def _read_by_hdf5(self, bounds: tuple[slice, ...]) -> npt.NDArray[Any]:
        if self._storage.compression not in _BUILT_IN:
            import hdf5plugin  # noqa: F401  registers blosc, zstd, lz4, bitshuffle with HDF5

        if self.dtype == TEXT and self.field is None:
            texts = self._read_heap(bounds)
            if texts is not None:
                return texts
        with open_hdf5(self.file) as root:
            try:
                dataset = root[self.key]
                check_chunks(dataset, bounds)
                check_texts(self.file, dataset, bounds)
                check_heap(self.file, dataset, bounds)
                if self.field is not None:
                    rows = dataset.fields(self.field)[bounds[: dataset.ndim]]
                    part = rows[(..., *bounds[dataset.ndim :])]  # a field may be an array itself
                else:
                    part = dataset[bounds]
                part = np.asarray(part)
                return to_text(part) if self.dtype == TEXT else to_native(part)
            except Exception as error:  # damaged data raise anything
                raise self._damaged(error) from error

    def _read_heap(self, bounds: tuple[slice, ...]) -> npt.NDArray[np.object_] | None:
        """Strings without HDF5, which only says where they are; None if it must read them."""
        if len(bounds) != 1 or bounds[0].stop - bounds[0].start < FEWEST_TEXTS:
            return None
        with open_hdf5(self.file) as root:
            records = heap_records(self.file, root[self.key], bounds)
        return None if records is None else heap_texts(self.file, records)

    def _table(self) -> ChunkTable:
        try:
            return chunk_table(self.file, self.key)
        except BadInputError:
            raise
        except Exception as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> BadInputError:
        self.file.check()  # or is it just another file than it was?
        return unreadable_values(f"{self.key} in {self.file.path} cannot be read: {reason(error)}", error)

    def _fill(
        self, values: npt.NDArray[Any], bounds: tuple[slice, ...], table: ChunkTable, ranges: RangeReader
    ) -> None:
        if table.chunks is None:
            self._fill_contiguous(values, bounds, table, ranges)
            return
        numbers = _chunks_within(bounds, table)
        offsets = table.offsets[numbers]
        for number in numbers[offsets < 0].tolist():
            _paste(values, bounds, table, number, np.broadcast_to(table.fill, table.chunks))
        numbers = numbers[offsets >= 0]
        numbers = numbers[np.argsort(table.offsets[numbers], kind="stable")]
        self._check_stored(table, numbers)
        again = _used_in_part(bounds, table, numbers)
        pieces = ranges.read_each(table.offsets[numbers], table.sizes[numbers], again)
        for number in numbers.tolist():
            # Bind neither to a name: the last chunk must be freed before the next is read and decoded.
            _paste(values, bounds, table, number, self._decode(next(pieces), table, number))

    def _check_stored(self, table: ChunkTable, numbers: Numbers) -> None:
        """No chunk takes more bytes in the file than its values do, except for the packing overhead."""
        assert table.chunks is not None
        most = most_packed(math.prod(table.chunks) * table.dtype.itemsize)
        large = numbers[table.sizes[numbers] > most]
        if large.size:
            raise DamagedError(
                f"{self.key} in {self.file.path} is damaged in the chunk at {table.corner(int(large[0]))}: "
                f"it must have at most {most:,} bytes, got {table.sizes[large[0]]:,}"
            )

    def _decode(self, raw: memoryview, table: ChunkTable, number: int) -> npt.NDArray[Any]:
        assert table.chunks is not None
        nbytes = math.prod(table.chunks) * table.dtype.itemsize
        try:
            decoded = decode_chunk(raw, table.filters, int(table.masks[number]), nbytes)
        except BadInputError as error:
            self.file.check()  # or is it just another file than it was?
            raise DamagedError(
                f"{self.key} in {self.file.path} is damaged in the chunk at {table.corner(number)} "
                f"(byte {table.offsets[number]} of the file): {error}"
            ) from error
        return np.frombuffer(decoded, table.dtype).reshape(table.chunks)

    def _fill_contiguous(
        self, values: npt.NDArray[Any], bounds: tuple[slice, ...], table: ChunkTable, ranges: RangeReader
    ) -> None:
        if table.offsets[0] < 0:
            values[...] = table.fill
            return
        inner = tuple(bounds[1:])
        width = int(np.prod(self.shape[1:], dtype=np.int64)) * table.dtype.itemsize
        base, rows = int(table.offsets[0]), bounds[0]
        if values.shape[1:] == self.shape[1:]:
            ranges.read_into(base + rows.start * width, memoryview(values).cast("B"))
            return
        starts = np.arange(rows.start, rows.stop, max(1, READ_NBYTES // width), dtype=np.int64)
        heights = np.diff(starts, append=rows.stop)
        pieces = ranges.read_each(base + starts * width, heights * width, np.zeros(len(starts), np.bool_))
        for start, height in zip((starts - rows.start).tolist(), heights.tolist(), strict=True):
            values[start : start + height] = np.frombuffer(next(pieces), table.dtype).reshape(
                height, *self.shape[1:]
            )[(slice(None), *inner)]


def _chunks_within(bounds: tuple[slice, ...], table: ChunkTable) -> npt.NDArray[np.int64]:
    """Numbers of the chunks that a rectangle touches."""
    assert table.chunks is not None
    ranges = [
        np.arange(part.start // n, -(-part.stop // n)) for part, n in zip(bounds, table.chunks, strict=True)
    ]
    return np.asarray(np.ravel_multi_index(np.ix_(*ranges), table.grid), np.int64).ravel()


def _used_in_part(bounds: tuple[slice, ...], table: ChunkTable, numbers: Numbers) -> npt.NDArray[np.bool_]:
    """Which chunks hold values outside this request; all, for a small array, as it is read often."""
    assert table.chunks is not None
    partly = np.zeros(len(numbers), np.bool_)
    if table.sizes.sum() <= _SMALL_NBYTES:
        return np.ones(len(numbers), np.bool_)
    axes = zip(np.unravel_index(numbers, table.grid), bounds, table.chunks, table.shape, strict=True)
    for at, part, size, length in axes:
        partly |= (at * size < part.start) | (np.minimum((at + 1) * size, length) > part.stop)
    return partly


def _paste(
    values: npt.NDArray[Any],
    bounds: tuple[slice, ...],
    table: ChunkTable,
    number: int,
    chunk: npt.NDArray[Any],
) -> None:
    """Copy the part of a chunk inside the rectangle into the result."""
    assert table.chunks is not None
    there, here = [], []
    for part, corner, size in zip(bounds, table.corner(number), table.chunks, strict=True):
        start, stop = max(part.start, corner), min(part.stop, corner + size)
        there.append(slice(start - part.start, stop - part.start))
        here.append(slice(start - corner, stop - corner))
    values[tuple(there)] = chunk[tuple(here)]
