"""Cache of category names, reused from one range of a column to the next."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import DamagedError
from karospace_stream.source.elements.arrays import TEXT, ArrayView, NumpyArray, StoredArray
from karospace_stream.source.problems.limits import most_text
from karospace_stream.units import format_nbytes

#: Most names to cache, in all lists together. A million are some 100 MB and take a second to read;
#: whoever exports columns has counted their names, so that all lists in use may stay.
MOST_NAMES = 1 << 23
_MOST_LISTS = 32_768
# Names read at a time: few at first, as each may be long, then more if they are short.
_FIRST, _MOST_AT_ONCE = 512, 4096
_SHORT_NBYTES = 1 << 20


class _Lists:
    """LRU cache of lists of names; the most recently added list always stays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lists: OrderedDict[StoredArray, tuple[str, ...]] = OrderedDict()
        self._n_names = 0

    def get(self, categories: StoredArray) -> tuple[str, ...] | None:
        with self._lock:
            names = self._lists.get(categories)
            if names is not None:
                self._lists.move_to_end(categories)
            return names

    def put(self, categories: StoredArray, names: tuple[str, ...]) -> None:
        with self._lock:
            self._n_names += len(names) - len(self._lists.pop(categories, ()))
            self._lists[categories] = names
            while len(self._lists) > 1 and (self._n_names > MOST_NAMES or len(self._lists) > _MOST_LISTS):
                _, forgotten = self._lists.popitem(last=False)
                self._n_names -= len(forgotten)


_KEPT = _Lists()


def category_names(categories: StoredArray) -> tuple[str, ...]:
    """Categories as `read_names` returns them; read once, then cached."""
    names = _KEPT.get(categories)
    if names is None:
        names = _as_names(checked_categories(categories))
        _KEPT.put(categories, names)
    return names


def read_names(categories: StoredArray) -> tuple[str, ...]:
    """Values of any type as pandas prints them with ``astype(str)``."""
    return _as_names(categories.read().ravel())


def checked_categories(categories: StoredArray) -> npt.NDArray[Any]:
    """Categories as stored, once it is sure that they are some.

    Raises
    ------
    DamagedError
        If one is repeated or missing, which anndata and pandas reject too.
    """
    values = _read_all(categories)
    if isinstance(categories, NumpyArray):
        return values  # pandas holds none twice, though two may be spelled alike: 1 and "1"
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise _malformed(categories, "holds a missing value")
    listed = values.tolist()
    if len(set(listed)) < len(listed):
        again = next(value for value, times in Counter(listed).items() if times > 1)
        raise _malformed(categories, f"holds {str(again)[:40]!r} more than once")
    return values


def _read_all(categories: StoredArray) -> npt.NDArray[Any]:
    """All of them; of texts, a number at a time, as a few may take more memory than there is."""
    if categories.dtype != TEXT or len(categories.shape) != 1:
        return categories.read().ravel()
    n_names, nbytes = categories.shape[0], 0
    values = np.empty(n_names, object)
    step, start = max(_FIRST, *(categories.storage().chunks or (1,))), 0
    while start < n_names:
        piece = categories.read(slice(start, min(start + step, n_names)))
        piece_nbytes = sum(map(len, piece.tolist()))
        nbytes += piece_nbytes
        if nbytes > most_text(n_names):
            most = format_nbytes(most_text(n_names))
            raise DamagedError(f"{categories.key}: {n_names:,} names must fit {most} of text, but are longer")
        values[start : start + len(piece)] = piece
        start += len(piece)
        if piece_nbytes < _SHORT_NBYTES and 2 * step <= _MOST_AT_ONCE:
            step *= 2
    return values


def _as_names(values: npt.NDArray[Any]) -> tuple[str, ...]:
    if values.dtype != TEXT:
        return tuple(str(value) for value in values)
    return tuple(values.tolist())


def _malformed(categories: StoredArray, what: str) -> DamagedError:
    return DamagedError(f"{categories.key} must name each category once, but {what}")


@dataclass(frozen=True, slots=True)
class MaskedNames(ArrayView):
    """Categories with a mask of missing ones, as written with pandas 3; see `StoredArray`.

    A category is never missing, so the mask is read only to be sure.
    """

    mask: StoredArray

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; see the protocol."""
        if self.mask.shape != self.shape or self.mask.read(*bounds).any():
            raise _malformed(self, "holds a missing value")
        return self.values.read(*bounds)
