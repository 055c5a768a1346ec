"""Names of categories, kept from one range of a column to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict

from karospace_stream.source.arrays import TEXT, StoredArray

#: Names that are kept in all lists together. A million are some 100 MB and take a second to read;
#: whoever exports columns has counted their names, so that all lists in use may stay.
MOST_NAMES = 1 << 23
_MOST_LISTS = 256

_KEPT: OrderedDict[StoredArray, tuple[str, ...]] = OrderedDict()
_LOCK = threading.Lock()


def category_names(categories: StoredArray) -> tuple[str, ...]:
    """Categories as `read_names` gives them; read once, then kept.

    What was not asked for longest goes first. The list that was asked for last always stays.
    """
    with _LOCK:
        if categories in _KEPT:
            _KEPT.move_to_end(categories)
            return _KEPT[categories]
    names = read_names(categories)
    with _LOCK:
        _KEPT[categories] = names
        _KEPT.move_to_end(categories)
        n_names = sum(map(len, _KEPT.values()))
        while len(_KEPT) > 1 and (n_names > MOST_NAMES or len(_KEPT) > _MOST_LISTS):
            _, forgotten = _KEPT.popitem(last=False)
            n_names -= len(forgotten)
    return names


def read_names(categories: StoredArray) -> tuple[str, ...]:
    """Categories of any type as pandas prints them with ``astype(str)``."""
    values = categories.read().ravel()
    if values.dtype != TEXT:
        return tuple(str(value) for value in values)
    return tuple(values.tolist())
