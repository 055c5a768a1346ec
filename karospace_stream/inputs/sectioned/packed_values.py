"""Values of cells as Blosc frames: numbers or text, and which of them are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.transpose.frames import pack, unpack_first

#: Bytes that a short text takes in memory, as `str` and encoded.
TEXT_NBYTES = 128
_LENGTH_NBYTES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What some cells have in a column or array; see `Column`."""

    values: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_] | None

    def taken(self, which: slice | npt.NDArray[np.int64]) -> Values:
        """Some of them."""
        return Values(self.values[which], None if self.missing is None else self.missing[which])

    def placed(self, where: npt.NDArray[np.int64]) -> Values:
        """Each of them at its place."""
        inverse = np.empty_like(where)
        inverse[where] = np.arange(len(where))
        return self.taken(inverse)


def joined_values(several: Sequence[Values]) -> Values:
    """Values one after another."""
    if len(several) == 1:
        return several[0]
    missing = None
    if any(each.missing is not None for each in several):
        missing = np.concatenate(
            [np.zeros(len(each.values), bool) if each.missing is None else each.missing for each in several]
        )
    return Values(np.concatenate([each.values for each in several]), missing)


def pack_values(some: Values) -> bytes:
    """One to three frames, of which the first has an entry for each value; nothing for no values."""
    if not len(some.values):
        return b""
    missing = b"" if some.missing is None else pack(some.missing.astype(np.uint8))
    if some.values.dtype != object:
        return pack(some.values.reshape(-1)) + missing
    encoded = [_encoded(value) for value in some.values]
    lengths = np.fromiter(map(len, encoded), "<u4", len(encoded))
    return pack(lengths) + missing + pack(np.frombuffer(b"".join(encoded), np.uint8))


def unpack_values(data: bytes, dtype: str, width: int, *, has_missing: bool) -> Values:
    """What was packed, which are one or more values.

    Parameters
    ----------
    width
        Values of a cell; 0 if the array has one dimension.
    """
    is_text = np.dtype(dtype) == object
    first, rest = unpack_first(memoryview(data), "<u4" if is_text else dtype)
    missing = None
    if has_missing:
        flags, rest = unpack_first(rest, np.uint8)
        missing = flags.astype(bool)
    if not is_text:
        return Values(first.reshape(-1, width) if width else first, missing)
    text = unpack_first(rest, np.uint8)[0].tobytes()
    values = np.empty(len(first), object)
    ends = np.concatenate([[0], np.cumsum(first, dtype=np.int64)]).tolist()
    values[:] = [text[low:high].decode("utf-8", "surrogatepass") for low, high in pairwise(ends)]
    return Values(values, missing)


def text_nbytes(texts: npt.NDArray[Any]) -> int:
    """Bytes of the longest of some texts, with its length."""
    return _LENGTH_NBYTES + max((len(_encoded(each)) for each in texts), default=0)


def _encoded(text: object) -> bytes:
    return str(text).encode("utf-8", "surrogatepass")
