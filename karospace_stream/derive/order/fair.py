"""An order of cells whose every prefix is a fair sample of the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.order.coarse import NOWHERE
from karospace_stream.derive.order.counting import TILE, Numbers, places
from karospace_stream.derive.order.hilbert import Steps, hilbert_keys
from karospace_stream.derive.order.levels import fair_levels
from karospace_stream.derive.order.priority import priorities, scrambled, unscrambled

#: Memory of `fair_order` and its result, bytes a cell besides the codes; measured, see docs/design/order.md.
FAIR_NBYTES = 20

_LAST = np.uint32(0xFFFFFFFF)  # the end of the curve, where x would be 65,535, which no coordinate is
_ROW_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True, eq=False)
class FairOrder:
    """Cells in a fair order.

    Attributes
    ----------
    levels
        The first cell of each level, and the number of all cells.
    rows
        The row of each cell.
    """

    levels: tuple[int, ...]
    rows: Numbers


def fair_order(
    tiles: Iterable[tuple[Steps, Steps]],
    n_cells: int,
    *,
    codes: npt.NDArray[np.integer] | None = None,
    seed: int = 0,
) -> FairOrder:
    """Order cells by their coordinates.

    Parameters
    ----------
    tiles
        Coarse coordinates of all cells, in the order of their rows.
    codes
        Categories of all cells, -1 for none, to have a fair share of each of them, besides.
    """
    rows = _along_curve(tiles, n_cells)
    ranks = np.arange(n_cells, dtype=np.uint32) if codes is None else _within_categories(codes, rows)
    first = priorities(ranks, seed)
    del ranks
    levels = fair_levels(n_cells)
    limits = np.sort(first)[list(levels[1:-1])]

    def level_of(start: int, stop: int) -> npt.NDArray[np.uint8]:
        return np.searchsorted(limits, first[start:stop], side="right").astype(np.uint8)

    at = places(level_of, n_cells, np.diff(np.asarray(levels)))
    ordered = np.empty(n_cells, np.uint32)
    ordered[at] = rows
    start = np.flatnonzero(at < levels[1])
    ordered[: levels[1]] = rows[start[np.argsort(first[start])]]
    return FairOrder(levels, ordered)


def inverse(rows: Numbers) -> Numbers:
    """The cell of each row."""
    cells = np.empty_like(rows)
    for start, stop in _tiles(len(rows)):
        cells[rows[start:stop]] = np.arange(start, stop, dtype=np.uint32)
    return cells


def _along_curve(tiles: Iterable[tuple[Steps, Steps]], n_cells: int) -> Numbers:
    """Rows along the curve: those without coordinates last, those of one place in a scrambled order."""
    packed = np.empty(n_cells, np.uint64)
    at = 0
    for x, y in tiles:
        keys = hilbert_keys(x, y)
        keys[x == NOWHERE] = _LAST
        here = packed[at : at + len(keys)]
        here[:] = keys
        here <<= _ROW_BITS
        here |= scrambled(np.arange(at, at + len(keys), dtype=np.uint32))
        at += len(keys)
    packed.sort()
    rows = np.empty(n_cells, np.uint32)
    for start, stop in _tiles(n_cells):
        rows[start:stop] = unscrambled(packed[start:stop].astype(np.uint32))
    return rows


def _within_categories(codes: npt.NDArray[np.integer], rows: Numbers) -> Numbers:
    """Ranks of cells along the curve where category comes after category."""
    n_codes = int(codes.max(initial=-1)) + 2
    counts = np.zeros(n_codes, np.int64)
    for start, stop in _tiles(len(rows)):
        counts += np.bincount(codes[start:stop].astype(np.int64) + 1, minlength=n_codes)

    def codes_of(start: int, stop: int) -> npt.NDArray[np.int64]:
        return codes[rows[start:stop]].astype(np.int64) + 1

    return places(codes_of, len(rows), counts)


def _tiles(n_cells: int) -> Iterable[tuple[int, int]]:
    return pairwise([*range(0, n_cells, TILE), n_cells])
