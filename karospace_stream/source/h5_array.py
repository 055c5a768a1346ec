"""An HDF5 dataset read by ranges: HDF5 says where the chunks are, and does no more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.arrays import TEXT, Storage, array_dtype, to_native, to_text
from karospace_stream.source.chunks import ChunkTable, chunk_table, dataset_filters
from karospace_stream.source.decode import decode_chunk, pipeline_name
from karospace_stream.source.hdf5 import open_hdf5
from karospace_stream.source.ranges import LocalFile, RangeReader

_READ_NBYTES = 4 << 20  # one ranged read; larger ones cost memory and gain nothing on a local disk
_BUILT_IN = frozenset({"", "gzip", "shuffle", "shuffle+gzip", "lzf", "shuffle+lzf", "fletcher32"})
_GAP_NBYTES = 64 << 10  # bytes between two chunks that are cheaper to read than to skip


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

    file: LocalFile
    key: str
    field: str | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _storage: Storage

    @classmethod
    def of(cls, file: LocalFile, dataset: h5py.Dataset, field: str | None = None) -> H5Array:
        """Describe an open dataset; raises BadInputError where it holds lists or references."""
        if dataset.file.filename != file.path:  # behind an external link
            file = LocalFile.at(dataset.file.filename)
        dtype, shape = dataset.dtype, dataset.shape or ()
        if field is not None:
            dtype = dtype[field]
        base, inner = dtype.subdtype or (dtype, ())
        if base.kind == "O" and h5py.check_string_dtype(base) is None:
            raise BadInputError(f"values of the HDF5 type {h5py.check_dtype(ref=base) or 'vlen'} are no text")
        storage = Storage(
            dataset.chunks, dataset.id.get_storage_size(), pipeline_name(dataset_filters(dataset))
        )
        return cls(file, dataset.name.strip("/"), field, shape + inner, array_dtype(base), storage)

    def storage(self) -> Storage:
        """How it lies in its file."""
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
        if self.dtype == TEXT or self.field is not None:
            return self._read_by_hdf5(bounds)
        table = chunk_table(self.file, self.key)
        if not table.direct:
            return self._read_by_hdf5(bounds)
        values = np.empty([part.stop - part.start for part in bounds], table.dtype)
        if values.size:
            with self.file.open() as ranges:
                self._fill(values, bounds, table, ranges)
        # In place: a second array of this size would not be in the plan.
        return values if table.dtype.isnative else values.byteswap(inplace=True).view(self.dtype)

    def _read_by_hdf5(self, bounds: tuple[slice, ...]) -> npt.NDArray[Any]:
        if self._storage.compression not in _BUILT_IN:
            import hdf5plugin  # noqa: F401  registers blosc, zstd, lz4, bitshuffle with HDF5

        with open_hdf5(self.file) as root:
            dataset = root[self.key]
            try:
                if self.field is not None:
                    rows = dataset.fields(self.field)[bounds[: dataset.ndim]]
                    part = rows[(..., *bounds[dataset.ndim :])]  # a field may be an array itself
                else:
                    part = dataset[bounds]
            except OSError as error:
                raise BadInputError(f"{self.key} in {self.file.path} cannot be read: {error}") from error
        part = np.asarray(part)
        return to_text(part) if self.dtype == TEXT else to_native(part)

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
        for start, stop in _coalesce(table.offsets[numbers], table.sizes[numbers]):
            self._fill_run(values, bounds, table, numbers[start:stop], ranges)

    def _fill_run(
        self,
        values: npt.NDArray[Any],
        bounds: tuple[slice, ...],
        table: ChunkTable,
        numbers: npt.NDArray[np.int64],
        ranges: RangeReader,
    ) -> None:
        base = int(table.offsets[numbers[0]])
        end = int(table.offsets[numbers[-1]] + table.sizes[numbers[-1]])
        raw = memoryview(ranges.read_range(base, end - base))
        places = zip(
            numbers.tolist(),
            (table.offsets[numbers] - base).tolist(),
            table.sizes[numbers].tolist(),
            strict=True,
        )
        for number, at, size in places:
            # Not kept in a name: the last chunk must be gone before the next is decoded.
            _paste(values, bounds, table, number, self._decode(raw[at : at + size], table, number))

    def _decode(self, raw: memoryview, table: ChunkTable, number: int) -> npt.NDArray[Any]:
        assert table.chunks is not None
        nbytes = math.prod(table.chunks) * table.dtype.itemsize
        try:
            decoded = decode_chunk(raw, table.filters, int(table.masks[number]), nbytes)
        except BadInputError as error:
            raise BadInputError(
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
        step = max(1, _READ_NBYTES // width)
        for start in range(rows.start, rows.stop, step):
            stop = min(start + step, rows.stop)
            raw = ranges.read_range(base + start * width, (stop - start) * width)
            whole = np.frombuffer(raw, table.dtype).reshape(stop - start, *self.shape[1:])
            values[start - rows.start : stop - rows.start] = whole[(slice(None), *inner)]


def _chunks_within(bounds: tuple[slice, ...], table: ChunkTable) -> npt.NDArray[np.int64]:
    """Numbers of the chunks that a rectangle touches."""
    assert table.chunks is not None
    ranges = [
        np.arange(part.start // n, -(-part.stop // n)) for part, n in zip(bounds, table.chunks, strict=True)
    ]
    return np.asarray(np.ravel_multi_index(np.ix_(*ranges), table.grid), np.int64).ravel()


def _coalesce(offsets: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of chunks, sorted by place, that one read of `_READ_NBYTES` can bring."""
    start = 0
    for this in range(1, len(offsets) + 1):
        if this == len(offsets) or (
            offsets[this] + sizes[this] - offsets[start] > _READ_NBYTES
            or offsets[this] - offsets[this - 1] - sizes[this - 1] > _GAP_NBYTES
        ):
            yield start, this
            start = this


def _paste(
    values: npt.NDArray[Any],
    bounds: tuple[slice, ...],
    table: ChunkTable,
    number: int,
    chunk: npt.NDArray[Any],
) -> None:
    """Copy the part of a chunk that lies inside the rectangle to its place."""
    assert table.chunks is not None
    there, here = [], []
    for part, corner, size in zip(bounds, table.corner(number), table.chunks, strict=True):
        start, stop = max(part.start, corner), min(part.stop, corner + size)
        there.append(slice(start - part.start, stop - part.start))
        here.append(slice(start - corner, stop - corner))
    values[tuple(there)] = chunk[tuple(here)]
