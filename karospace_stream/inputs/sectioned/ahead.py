"""Cells that are read ahead, where reading a few of them takes as long as reading many.

A plan reads coordinates and sections before they are sorted, and always from the first cell to the last.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from karospace_stream.inputs.sectioned.order import TILE, SectionOrder

V = TypeVar("V")
_CELLS = 16 * TILE  # read at a time: 16 MB of coordinates in two dimensions
_FEWEST = 1_024  # cells that lie all over the column
_GAP = 4_096  # rows of a column that are read for one cell
_LOCK = Lock()
_LAST: deque[tuple[Any, Any, int, int, Any]] = deque(maxlen=2)  # coordinates, and the section beside them


def is_mixed(order: SectionOrder) -> bool:
    """Whether reading a range of cells reads most of a column."""
    return order.n_cells > 2 * TILE and order.n_runs * _GAP > order.n_cells


def read_ahead(
    reader: Any, order: SectionOrder, what: object, cells: tuple[int, int], read: Callable[[int, int], V]
) -> tuple[int, V]:
    """Some cells, and perhaps more before and after them.

    Parameters
    ----------
    reader
        Whose values are kept for the next call, with ``what`` it reads.

    Returns
    -------
    The first cell, and the values from there.
    """
    start, stop = cells
    if stop - start < _FEWEST or not is_mixed(order):
        return start, read(start, stop)
    with _LOCK:
        for whose, its, first, last, values in _LAST:
            if whose() is reader and its == what and first <= start and stop <= last:
                return first, values
    last = min(order.n_cells, max(stop, start + _CELLS))
    values = read(start, last)
    with _LOCK:
        _LAST.append((weakref.ref(reader), what, start, last, values))
    return start, values


def forget() -> None:
    """Drop what was read ahead, once all is sorted."""
    with _LOCK:
        _LAST.clear()
