"""Chunks of a Zarr store, as zarr-python would write them with the same codecs.

The codecs are numcodecs' own; this module omits chunks that hold only the fill value, as zarr does, and
keeps the time of writing out of gzip's header.
"""

from __future__ import annotations

import zlib
from typing import Literal

import numcodecs
import numpy as np
import numpy.typing as npt
from numcodecs import blosc

from karospace_stream.encode.gzip import FASTEST_LEVELS, isal_bytes

ZLIB_LEVEL = 6
_GZIP_MEMBER, _ZLIB_STREAM = 31, 15
"""zlib's wbits."""

blosc.use_threads = False  # else a chunk's blocks are in the order in which they were finished


def chunk_bytes(
    values: npt.NDArray[np.generic],
    chunks: tuple[int, ...],
    *,
    zarr_format: Literal[2, 3],
    level: int = ZLIB_LEVEL,
    shuffle: bool = True,
) -> bytes | None:
    """One chunk as stored, or None if it holds zeros only, which readers fill in.

    Parameters
    ----------
    values
        Numbers or bools; smaller than ``chunks`` at the end of an axis, and padded with zeros there. Object
        arrays are text.
    shuffle
        Whether values wider than a byte are byte-shuffled.
    """
    if values.dtype.kind == "O":
        return _text(_padded(values, chunks, "").astype(object), zarr_format, level)
    whole = np.ascontiguousarray(_padded(values, chunks, 0), values.dtype.newbyteorder("<"))
    raw = whole.reshape(-1).view(np.uint8)
    if not raw.any():  # bits, not values: a negative zero is no zero
        return None
    itemsize = whole.dtype.itemsize
    if not shuffle or itemsize == 1:
        return deflated(raw, zarr_format, level)
    if zarr_format == 3:
        codec = blosc.Blosc(cname="zlib", clevel=level, shuffle=blosc.SHUFFLE, typesize=itemsize)
        return bytes(codec.encode(whole))
    return deflated(numcodecs.Shuffle(itemsize).encode(raw), zarr_format, level)


def deflated(data: npt.NDArray[np.uint8] | bytes, zarr_format: Literal[2, 3], level: int) -> bytes:
    """A zlib stream (v2), or a gzip member without a time (v3).

    Levels 1 to 3 are ISA-L's. Above them it is zlib itself and not zlib-ng, which writes other bytes: two
    programs that write the same store with zlib's level 6 write the same files.
    """
    wbits = _ZLIB_STREAM if zarr_format == 2 else _GZIP_MEMBER
    if level <= FASTEST_LEVELS:
        return isal_bytes(memoryview(data), level, wbits)
    packer = zlib.compressobj(level, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


def _text(values: npt.NDArray[np.object_], zarr_format: Literal[2, 3], level: int) -> bytes | None:
    flat = values.reshape(-1)
    if not any(flat):
        return None
    return deflated(np.frombuffer(numcodecs.VLenUTF8().encode(flat), np.uint8), zarr_format, level)


def _padded(
    values: npt.NDArray[np.generic], chunks: tuple[int, ...], fill: object
) -> npt.NDArray[np.generic]:
    if values.shape == chunks:
        return values
    whole = np.full(chunks, fill, dtype=values.dtype)
    whole[tuple(slice(0, n) for n in values.shape)] = values
    return whole
