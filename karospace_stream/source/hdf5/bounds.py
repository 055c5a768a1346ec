"""Check chunks before HDF5 inflates them: its library allocates memory for any decompressed size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import h5py

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.decode import most_packed
from karospace_stream.source.files.inflate import (
    DEFLATE_RATIO,
    HARMLESS_NBYTES,
    check_declared,
    inflate_bz2,
    inflate_zlib,
    number_in,
    zstd_bound,
)

_KEEP_SIZE = frozenset({2, 3})  # shuffle and a checksum
_LZF_RATIO = 88
# Largest expansion of a byte. A chunk that is harmless even then is not read.
_RATIOS = {1: DEFLATE_RATIO, 32000: _LZF_RATIO}
_ARGUMENTS = frozenset({5, 6})  # of which the third is the number of values

Step = tuple[int, int, tuple[int, ...], bytes]


def check_chunks(dataset: h5py.Dataset, bounds: tuple[slice, ...]) -> None:
    """Check the chunks that a part of a dataset touches.

    Raises
    ------
    BadInputError
        If one of them holds more than a chunk of this dataset has. The message is the reason only.
    """
    if dataset.chunks is None or 0 in dataset.shape:
        return
    plist = dataset.id.get_create_plist()
    steps = [plist.get_filter(index) for index in range(plist.get_nfilters())]
    # HDF5 reports the size of a value in memory: for variable-length text, half its size in the file.
    in_file = 2 if dataset.dtype.hasobject else 1
    nbytes = math.prod(dataset.chunks) * dataset.id.get_type().get_size() * in_file
    for corner in _corners(dataset, bounds) if steps else ():
        found = dataset.id.get_chunk_info_by_coord(corner)
        if found.byte_offset is not None and found.size:
            try:
                _check_chunk(dataset, corner, found, steps, nbytes)
            except (BadInputError, ValueError, OSError) as error:
                raise BadInputError(f"the chunk at {list(corner)} is damaged: {error}") from error


def _corners(dataset: h5py.Dataset, bounds: tuple[slice, ...]) -> Iterator[tuple[int, ...]]:
    axes = zip(bounds[: dataset.ndim], dataset.chunks, strict=True)
    return product(*(range(part.start // size * size, part.stop, size) for part, size in axes))


def _check_chunk(
    dataset: h5py.Dataset, corner: tuple[int, ...], found: h5py.h5d.StoreInfo, steps: list[Step], nbytes: int
) -> None:
    if found.size > most_packed(nbytes):
        raise BadInputError(f"it must have at most {most_packed(nbytes):,} bytes, got {found.size:,}")
    packed = [
        step
        for index, step in enumerate(steps)
        if not found.filter_mask >> index & 1 and step[0] not in _KEEP_SIZE
    ]
    if not packed:
        return
    code, _, values, _ = packed[-1]
    if len(packed) == 1 and found.size * _RATIOS.get(code, nbytes + HARMLESS_NBYTES) <= HARMLESS_NBYTES:
        return
    if code in _ARGUMENTS and len(values) > 2:
        check_declared(values[2], math.prod(dataset.chunks))
    if len(packed) > 1:
        raise BadInputError("it is compressed more than once, so it is damaged")
    if code in _CHECKS:
        _CHECKS[code](dataset.id.read_direct_chunk(corner)[1], nbytes)


def _lzf_nbytes(raw: bytes, most: int) -> int:
    """The decompressed size, summed from LZF's lengths, without copying a byte."""
    at = total = 0
    while at < len(raw) and total <= most:
        control = raw[at]
        if control < 32:
            at, total = at + control + 2, total + control + 1
            continue
        long = control >> 5 == 7
        total += (control >> 5) + 2 + (raw[at + 1] if long else 0)
        at += 3 if long else 2
    return total


def _blosc2_nbytes(raw: bytes) -> int:
    """Size of a frame, or of a single chunk, whose header is that of Blosc."""
    return number_in(raw, 30, 8, "big") if raw[2:9] == b"b2frame" else number_in(raw, 4, 4)


def _declared(start: int, length: int, order: str) -> Callable[[bytes, int], None]:
    return lambda raw, nbytes: check_declared(number_in(raw, start, length, order), nbytes)


_CHECKS: Mapping[int, Callable[[bytes, int], Any]] = {
    1: inflate_zlib,
    4: _declared(0, 4, "little"),  # szip
    307: inflate_bz2,
    32000: lambda raw, nbytes: check_declared(_lzf_nbytes(raw, nbytes), nbytes),
    32001: _declared(4, 4, "little"),  # blosc
    32004: _declared(0, 8, "big"),  # lz4
    32008: _declared(0, 8, "big"),  # bitshuffle
    32015: lambda raw, nbytes: check_declared(zstd_bound(raw), nbytes),
    32026: lambda raw, nbytes: check_declared(_blosc2_nbytes(raw), nbytes),
}
