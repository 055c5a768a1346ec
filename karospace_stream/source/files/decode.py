"""Decode HDF5 filters outside HDF5, whose library inflates one chunk at a time under a lock."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.inflate import Buffer, inflate

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
_KINDS = {_DEFLATE: "zlib", _BLOSC: "blosc", _ZSTD: "zstd"}
_SLACK_NBYTES = 4096  # that a compression adds to incompressible data


class Filter(NamedTuple):
    """One step of a dataset's pipeline: HDF5's number, and the item size if it shuffles."""

    number: int
    itemsize: int = 1


def pipeline_name(filters: tuple[Filter, ...]) -> str:
    """Such as ``"shuffle+gzip"``; ``""`` for none."""
    return "+".join(_NAMES.get(step.number, f"filter-{step.number}") for step in filters)


def can_decode(filters: tuple[Filter, ...]) -> bool:
    """Whether `decode_chunk` supports all of them; otherwise HDF5 has to decode."""
    return all(step.number in _DIRECT for step in filters)


def decode_chunk(raw: Buffer, filters: tuple[Filter, ...], skipped: int, nbytes: int) -> Buffer:
    """Undo a chunk's filters, last first. Frees the interpreter lock for all heavy parts.

    Parameters
    ----------
    raw
        The chunk as stored.
    skipped
        HDF5's filter mask: bit ``i`` is set if filter ``i`` was not applied to this chunk.
    nbytes
        Expected size; no more is inflated.

    Raises
    ------
    BadInputError
        If the data are damaged. The message is the reason only: the caller knows the location.
    """
    applied = [step for position, step in enumerate(filters) if not skipped >> position & 1]
    n_packed = sum(step.number != _SHUFFLE for step in applied)
    for step in reversed(applied):
        if step.number == _SHUFFLE:
            raw = _unshuffle(raw, step.itemsize)
            continue
        n_packed -= 1  # packing twice makes the data hardly larger
        raw = _decompress(raw, step.number, most_packed(nbytes) if n_packed else nbytes)
    if len(raw) != nbytes:
        raise BadInputError(f"it must have {nbytes} bytes, got {len(raw)}")
    return raw


def most_packed(nbytes: int) -> int:
    """The most bytes that a chunk of this size takes in a file."""
    return nbytes + nbytes // 8 + _SLACK_NBYTES


def _decompress(raw: Buffer, number: int, most: int) -> Buffer:
    try:
        return inflate(_KINDS[number], raw, most)
    except BadInputError as error:
        raise BadInputError(f"{_NAMES[number]} data: {error}") from error


def _unshuffle(raw: Buffer, itemsize: int) -> Buffer:
    """Put the bytes of each item together again; a rest shorter than an item is at the end."""
    if itemsize <= 1:
        return raw
    planes = np.frombuffer(raw, np.uint8)
    n_items = len(planes) // itemsize
    items = np.empty(len(planes), np.uint8)
    table = items[: n_items * itemsize].reshape(n_items, itemsize)
    # One strided copy a byte plane: five times faster than NumPy's copy of a transpose.
    for byte in range(itemsize):
        table[:, byte] = planes[byte * n_items : (byte + 1) * n_items]
    items[n_items * itemsize :] = planes[n_items * itemsize :]
    return items
