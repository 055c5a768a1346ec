"""Limits on what an array may declare, checked by arithmetic before we allocate memory or read a value."""

from __future__ import annotations

import math
from collections.abc import Sequence

from karospace_stream.errors import BadInputError
from karospace_stream.units import format_nbytes

_LARGE_NBYTES = 1 << 30
_MOST_RATIO = 100_000  # declared bytes per stored byte: no compression of real data gets near it
_MOST_DIMENSIONS = 32
_TEXT_NBYTES, _LONG_TEXT_NBYTES = 64 << 20, 512


def most_text(n_values: int) -> int:
    """Most bytes of so many strings: of any length if they are few, else of a sensible mean length."""
    return _TEXT_NBYTES + _LONG_TEXT_NBYTES * n_values


def check_declared_shape(
    shape: Sequence[int], itemsize: int, chunks: Sequence[int] | None, stored_nbytes: int | None
) -> None:
    """Reject sizes that no file can hold, or that this one cannot.

    Parameters
    ----------
    stored_nbytes
        Bytes of its values in the file; None if they were not counted.

    Raises
    ------
    BadInputError
        The message is the reason only.
    """
    if len(shape) > _MOST_DIMENSIONS or any(length < 0 for length in shape):
        raise BadInputError(f"no array can have shape {tuple(shape)}")
    declared = math.prod(shape) * itemsize
    if stored_nbytes is not None and declared > max(_LARGE_NBYTES, (stored_nbytes + 1024) * _MOST_RATIO):
        raise BadInputError(
            f"its shape {tuple(shape)} needs {format_nbytes(declared)}, but only {stored_nbytes:,} bytes are "
            "stored; it is damaged, or was never written"
        )
    if chunks and declared and min(chunks) < 1:
        raise BadInputError(f"its chunks of {tuple(chunks)} hold nothing; it is damaged")
    chunk = math.prod(chunks or ()) * itemsize if chunks else 0
    if chunk > max(_LARGE_NBYTES, 4 * declared):
        raise BadInputError(
            f"its chunks of {tuple(chunks or ())} have {format_nbytes(chunk)} each, but all of it has "
            f"{format_nbytes(declared)}; it is damaged"
        )
