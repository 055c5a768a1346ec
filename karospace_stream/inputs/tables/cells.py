"""Find the cells of an input by their ids, which are held as hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.model.source import Source

_AT_ONCE = 1 << 16
_KEYS = ("karospace-ids-1_", "karospace-ids-2_")

_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class CellIds:
    """The ids of all cells: 128 bits of each, so that no two different ones are mixed up.

    Attributes
    ----------
    order
        The cells, sorted by the first hash.
    first, second
        Hashes in this order.
    """

    order: npt.NDArray[np.int64]
    first: _Hashes
    second: _Hashes

    def find(self, ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """The cell of each id; -1 for none. Of several cells with one id, any."""
        if not len(self.order):
            return np.full(len(ids), -1)
        first, second = _hashed(ids)
        at = np.minimum(np.searchsorted(self.first, first), len(self.order) - 1)
        found = (self.first[at] == first) & (self.second[at] == second)
        return np.where(found, self.order[at], -1)

    def repeated(self) -> npt.NDArray[np.bool_]:
        """Which cells have the id of another one."""
        same = (self.first[1:] == self.first[:-1]) & (self.second[1:] == self.second[:-1])
        found = np.zeros(len(self.order), bool)
        found[self.order[1:][same]] = True
        found[self.order[:-1][same]] = True
        return found


def cell_ids(source: Source) -> CellIds:
    """Read the ids of all cells, some at a time."""
    n_cells = source.catalog.n_cells
    first, second = np.empty(n_cells, np.uint64), np.empty(n_cells, np.uint64)
    for start, stop in ranges(n_cells):
        first[start:stop], second[start:stop] = _hashed(source.obs_names(start, stop).tolist())
    order = np.lexsort((second, first))
    return CellIds(order, first[order], second[order])


def ranges(n_cells: int) -> Iterator[tuple[int, int]]:
    """Cut all cells into ranges."""
    return pairwise([*range(0, n_cells, _AT_ONCE), n_cells])


def _hashed(ids: Sequence[str]) -> tuple[_Hashes, _Hashes]:
    values = np.array(ids, object)
    first, second = (pd.util.hash_array(values, hash_key=key, categorize=False) for key in _KEYS)
    return first, second
