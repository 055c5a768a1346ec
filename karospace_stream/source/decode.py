"""HDF5 filters, undone outside HDF5: its library inflates one chunk at a time under a lock."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

_DEFLATE, _SHUFFLE, _BLOSC, _ZSTD = 1, 2, 32001, 32015
_NAMES = {
    _DEFLATE: "gzip",
    _SHUFFLE: "shuffle",
    3: "fletcher32",
    4: "szip",
    5: "nbit",
    6: "scaleoffset",
    32000: "lzf",
    _BLOSC: "blosc",
    32004: "lz4",
    32008: "bitshuffle",
    _ZSTD: "zstd",
    32026: "blosc2",
}
_DIRECT = frozenset({_DEFLATE, _SHUFFLE, _BLOSC, _ZSTD})

Buffer = bytes | bytearray | memoryview | npt.NDArray[np.uint8]


class Filter(NamedTuple):
    """One step of a dataset's pipeline: HDF5's number, and the item size where it shuffles."""

    number: int
    itemsize: int = 1


def pipeline_name(filters: tuple[Filter, ...]) -> str:
    """Such as ``"shuffle+gzip"``; ``""`` for none."""
    return "+".join(_NAMES.get(step.number, f"filter-{step.number}") for step in filters)


def can_decode(filters: tuple[Filter, ...]) -> bool:
    """Whether `decode_chunk` knows all of them; else HDF5 has to."""
    return all(step.number in _DIRECT for step in filters)


def decode_chunk(raw: Buffer, filters: tuple[Filter, ...], skipped: int, nbytes: int) -> Buffer:
    """Undo a chunk's filters, last first. Frees the interpreter lock for all heavy parts.

    Parameters
    ----------
    raw
        The chunk as stored.
    skipped
        HDF5's filter mask: bit ``i`` is set where filter ``i`` was not applied to this chunk.
    nbytes
        What must come out.

    Raises
    ------
    BadInputError
        If the data are damaged. The message is the reason only: the caller knows the place.
    """
    for position in reversed(range(len(filters))):
        if not skipped >> position & 1:
            raw = _undo(raw, filters[position], nbytes)
    if len(raw) != nbytes:
        raise BadInputError(f"{nbytes} bytes were wanted, got {len(raw)}")
    return raw


def _undo(raw: Buffer, step: Filter, nbytes: int) -> Buffer:
    if step.number == _SHUFFLE:
        return _unshuffle(raw, step.itemsize)
    return _decompress(raw, step.number, nbytes)


def _decompress(raw: Buffer, number: int, nbytes: int) -> Buffer:
    try:
        if number == _DEFLATE:
            from isal import isal_zlib

            # One byte more than the data: a buffer that is just full is doubled to look for the end.
            return bytes(isal_zlib.decompress(raw, bufsize=nbytes + 1))
        # Late: numcodecs takes a while to import and few files need it.
        library = import_module("numcodecs.blosc" if number == _BLOSC else "numcodecs.zstd")
        return memoryview(library.decompress(raw)).cast("B")
    except Exception as error:  # each library has its own kinds, some none at all
        raise BadInputError(f"{_NAMES[number]} data do not decompress ({error})") from error


def _unshuffle(raw: Buffer, itemsize: int) -> Buffer:
    """Put the bytes of each item together again; a rest shorter than an item is at the end."""
    if itemsize <= 1:
        return raw
    planes = np.frombuffer(raw, np.uint8)
    n_items = len(planes) // itemsize
    items = np.empty(len(planes), np.uint8)
    table = items[: n_items * itemsize].reshape(n_items, itemsize)
    # One strided copy a byte plane: five times faster than NumPy's copy of a transpose.
    for place in range(itemsize):
        table[:, place] = planes[place * n_items : (place + 1) * n_items]
    items[n_items * itemsize :] = planes[n_items * itemsize :]
    return items
