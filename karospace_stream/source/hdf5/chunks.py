"""Locations of the chunks of an HDF5 dataset: queried once, cached for the process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.source.files.decode import Filter, can_decode
from karospace_stream.source.files.ranges import RangedFile
from karospace_stream.source.hdf5.file import open_hdf5


@dataclass(frozen=True, slots=True, eq=False)
class ChunkTable:
    """Layout of one dataset in its file.

    Attributes
    ----------
    dtype
        As stored, with its byte order.
    chunks
        Chunk shape; None if the dataset is contiguous (one chunk, at ``offsets[0]``).
    filters
        In the order in which they were applied.
    fill
        Value of chunks that were never written.
    direct
        Whether ranged reads can get the values; if not, only HDF5 can read it.
    offsets, sizes, masks
        int64, int64, uint32, one per chunk in C order of the grid: offset in the file (-1 where
        missing), bytes as stored, and which filters were skipped.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    chunks: tuple[int, ...] | None
    filters: tuple[Filter, ...]
    fill: Any
    direct: bool
    offsets: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    masks: npt.NDArray[np.uint32]

    @property
    def grid(self) -> tuple[int, ...]:
        """Number of chunks along each axis."""
        if self.chunks is None:
            return (1,) * len(self.shape)
        return tuple(-(-length // chunk) for length, chunk in zip(self.shape, self.chunks, strict=True))

    def corner(self, number: int) -> list[int]:
        """Position in the dataset of a chunk's first value."""
        assert self.chunks is not None
        corner = []
        # Plain integers: `numpy.unravel_index` is ten times slower for one number.
        for count, size in zip(reversed(self.grid), reversed(self.chunks), strict=True):
            number, at = divmod(number, count)
            corner.append(at * size)
        return corner[::-1]


# Of a column it is about a kilobyte, and a file may have thousands of columns.
@lru_cache(maxsize=32_768)
def chunk_table(file: RangedFile, key: str) -> ChunkTable:
    """Read the table of ``key``; cached, as all tasks of a process need the same few."""
    with open_hdf5(file) as root:
        return _table_of(root[key])


def _table_of(dataset: h5py.Dataset) -> ChunkTable:
    filters = dataset_filters(dataset)
    direct = _is_direct(dataset, filters)
    table = _chunked(dataset) if direct and dataset.chunks else _contiguous(dataset)
    return ChunkTable(
        dataset.shape, dataset.dtype, dataset.chunks, filters, dataset.fillvalue, direct, *table
    )


def dataset_filters(dataset: h5py.Dataset) -> tuple[Filter, ...]:
    """The filter pipeline of a dataset."""
    plist = dataset.id.get_create_plist()
    steps = (plist.get_filter(position) for position in range(plist.get_nfilters()))
    return tuple(Filter(step[0], step[2][0] if step[0] == 2 and step[2] else 1) for step in steps)


def _is_direct(dataset: h5py.Dataset, filters: tuple[Filter, ...]) -> bool:
    """Plain numbers in this very file, at addresses that HDF5 reports, with known filters."""
    plist = dataset.id.get_create_plist()
    in_place = (
        plist.get_layout() in (h5py.h5d.CONTIGUOUS, h5py.h5d.CHUNKED) and not plist.get_external_count()
    )
    plain = dataset.dtype.kind in "biuf" and dataset.dtype.itemsize <= 8
    # Odd types (24 bits, N-bit, foreign enumerations) have the size of no NumPy type, or another meaning.
    exact = plain and h5py.h5t.py_create(dataset.dtype, logical=True).equal(dataset.id.get_type())
    # Addresses count from the end of a user block, and not all versions of HDF5 agree on that.
    return bool(in_place and exact and can_decode(filters) and not dataset.file.userblock_size)


_Table = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint32]]


def _contiguous(dataset: h5py.Dataset) -> _Table:
    offset = dataset.id.get_offset()  # None if nothing was ever written
    return (
        np.array([-1 if offset is None else offset], np.int64),
        np.array([dataset.id.get_storage_size()], np.int64),
        np.zeros(1, np.uint32),
    )


def _chunked(dataset: h5py.Dataset) -> _Table:
    chunks = np.array(dataset.chunks, np.int64)
    grid = -(-np.array(dataset.shape, np.int64) // chunks)
    n_chunks = int(grid.prod())
    offsets, sizes = np.full(n_chunks, -1, np.int64), np.zeros(n_chunks, np.int64)
    masks = np.zeros(n_chunks, np.uint32)
    found = _list_chunks(dataset)
    if found:
        corners = np.array([info.chunk_offset for info in found], np.int64)
        numbers = np.ravel_multi_index(tuple((corners // chunks).T), tuple(grid))
        offsets[numbers] = [info.byte_offset for info in found]
        sizes[numbers] = [info.size for info in found]
        masks[numbers] = [info.filter_mask for info in found]
    return offsets, sizes, masks


def _list_chunks(dataset: h5py.Dataset) -> list[Any]:
    """One pass if this HDF5 supports it; else one look-up per chunk, which is slow for many."""
    if 0 in dataset.shape:
        return []
    if hasattr(dataset.id, "chunk_iter"):
        found: list[Any] = []
        dataset.id.chunk_iter(found.append)
        # HDF5 1.12.2 and 1.13 gave positions in chunks, not in items.
        if all(
            not at % size
            for info in found
            for at, size in zip(info.chunk_offset, dataset.chunks, strict=True)
        ):
            return found
    return [dataset.id.get_chunk_info(number) for number in range(dataset.id.get_num_chunks())]
