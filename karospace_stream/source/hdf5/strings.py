"""Check strings before HDF5 reads them: a few bytes may stand for gigabytes.

In a chunk, each string is a length and a position in a heap. Many may share one position, and a length may
have any value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.decode import can_decode, decode_chunk
from karospace_stream.source.files.ranges import READ_NBYTES, RangedFile
from karospace_stream.source.hdf5.chunks import dataset_filters
from karospace_stream.source.problems.limits import most_text
from karospace_stream.units import format_nbytes

_SHUFFLE, _LZF = 2, 32000
_IN_FILE, _IN_MEMORY = 16, 8  # bytes of a string's length and position
Lengths = npt.NDArray[np.uint32]


def check_texts(file: RangedFile, dataset: h5py.Dataset, bounds: tuple[slice, ...]) -> None:
    """Check the lengths of the strings in a part of a dataset; does nothing if there are none.

    Raises
    ------
    BadInputError
        If one is longer than the file, or all together are longer than such texts are. The message is the
        reason only.
    """
    width, offsets = _record(dataset.dtype)
    if not offsets or dataset.is_virtual or dataset.shape is None:
        return
    rows = bounds[: dataset.ndim]
    n_texts = math.prod(part.stop - part.start for part in rows)
    size, most, total = dataset.file.id.get_filesize(), most_text(n_texts), np.zeros(len(offsets), np.int64)
    for records in _records(file, dataset, width, rows):
        flat = records.reshape(-1, width)
        for index, at in enumerate(offsets):
            lengths = np.ascontiguousarray(flat[:, at : at + 4]).view("<u4")
            longest = int(lengths.max(initial=0))
            if longest > size:
                raise BadInputError(f"one text claims {longest:,} bytes, but the whole file has {size:,}")
            total[index] += lengths.sum(dtype=np.int64)
        if total.max() > most:
            raise BadInputError(f"{n_texts:,} texts must fit {format_nbytes(most)}, but are longer")


def text_records(
    file: RangedFile, dataset: h5py.Dataset, bounds: tuple[slice, ...]
) -> Iterator[npt.NDArray[np.uint8]]:
    """The lengths and places of the strings in a part of a dataset of one axis, as stored, in pieces."""
    return _records(file, dataset, _IN_FILE, bounds[: dataset.ndim])


def _record(dtype: np.dtype[Any]) -> tuple[int, list[int]]:
    """Bytes of a value in the file, and where the strings are in it."""
    if dtype.names is None:
        return _IN_FILE, [0] if dtype.kind == "O" and h5py.check_string_dtype(dtype) is not None else []
    assert dtype.fields is not None
    grown, offsets = 0, []
    # All of them: HDF5 reads the others too, even for one.
    for inner, at, *_ in sorted(dtype.fields.values(), key=lambda field: field[1]):
        if inner.kind == "O":
            offsets.append(at + grown)
            grown += _IN_FILE - _IN_MEMORY
    return dtype.itemsize + grown, offsets


def _records(
    file: RangedFile, dataset: h5py.Dataset, width: int, rows: tuple[slice, ...]
) -> Iterator[npt.NDArray[np.uint8]]:
    """The bytes of the values, piece by piece."""
    if dataset.chunks is not None:
        return _chunked(dataset, width, rows)
    offset = dataset.id.get_offset()
    if offset is None or dataset.file.userblock_size:
        return iter(())  # nothing was written, or the header holds the few values
    return _contiguous(file, dataset, width, offset, rows)


def _contiguous(
    file: RangedFile, dataset: h5py.Dataset, width: int, offset: int, rows: tuple[slice, ...]
) -> Iterator[npt.NDArray[np.uint8]]:
    inner = math.prod(dataset.shape[1:])
    first, stop = (rows[0].start * inner, rows[0].stop * inner) if rows else (0, 1)
    step = max(1, READ_NBYTES // width)
    with file.open() as ranges:
        for start in range(first, stop, step):
            data = bytearray((min(start + step, stop) - start) * width)
            ranges.read_into(offset + start * width, memoryview(data))
            yield np.frombuffer(data, np.uint8).reshape(-1, width)


def _chunked(dataset: h5py.Dataset, width: int, rows: tuple[slice, ...]) -> Iterator[npt.NDArray[np.uint8]]:
    undo = _Undo(dataset, width)
    if not undo.knows:
        return
    axes = zip(rows, dataset.chunks, strict=True)
    for corner in product(*(range(part.start // n * n, part.stop, n) for part, n in axes)):
        found = dataset.id.get_chunk_info_by_coord(corner)
        if found.byte_offset is None or not found.size:
            continue
        mask, raw = dataset.id.read_direct_chunk(corner)
        values = np.frombuffer(undo(mask, raw), np.uint8).reshape(*dataset.chunks, width)
        here = zip(rows, corner, dataset.chunks, strict=True)
        yield values[tuple(slice(max(part.start - at, 0), min(part.stop - at, n)) for part, at, n in here)]


class _Undo:
    """Decodes a chunk of strings instead of HDF5, which would follow them into the heap."""

    def __init__(self, dataset: h5py.Dataset, width: int) -> None:
        self._filters = dataset_filters(dataset)
        self._chunks, self._width = dataset.chunks, width
        self._by_lzf = {step.number for step in self._filters} <= {_SHUFFLE, _LZF}
        self.knows = can_decode(self._filters) or self._by_lzf

    def __call__(self, mask: int, raw: bytes) -> Any:
        if can_decode(self._filters):
            return decode_chunk(raw, self._filters, mask, math.prod(self._chunks) * self._width)
        return self._undo_lzf(mask, raw)

    def _undo_lzf(self, mask: int, raw: bytes) -> bytes:
        """Decompress LZF, which only h5py can do: it gets plain bytes. Texts are not shuffled."""
        index = next(index for index, step in enumerate(self._filters) if step.number == _LZF)
        dtype = np.dtype(f"V{self._width}")
        with h5py.File("texts", "w", driver="core", backing_store=False) as scratch:
            made = scratch.create_dataset("x", self._chunks, dtype, chunks=self._chunks, compression="lzf",
                                          shuffle=False)  # fmt: skip
            made.id.write_direct_chunk((0,) * len(self._chunks), raw, mask >> index & 1)
            return bytes(made[()].tobytes())
