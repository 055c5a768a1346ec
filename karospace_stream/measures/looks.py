"""Which groupings are summed in one look at the values: by the combinations of their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.sums import cells_of_groups

Codes = npt.NDArray[np.signedinteger]
Ints = npt.NDArray[np.int64]
#: Cells for each combination, at least: with fewer, sums over combinations cost as much as another look.
_CELLS = 256
#: The most combinations of groups, and of groups before we know which of them cells have.
_FEW, _MOST, _POSSIBLE = 64, 4_096, 1 << 20
_TILE = 1 << 18
#: Memory of a cell and a grouping.
CELL_NBYTES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Groupings whose sums come from one look at the values.

    Attributes
    ----------
    members
        Positions of the groupings.
    codes
        ``(n_cells,)``: the combination of each cell.
    groups
        int32, for each member: the column of the sums to which each combination belongs.
    """

    members: tuple[int, ...]
    codes: Codes
    groups: tuple[npt.NDArray[np.int32], ...]

    @property
    def n_combinations(self) -> int:
        """Number of combinations."""
        return len(self.groups[0])

    def at(self, cells: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
        """The combinations of some cells."""
        return np.take(self.codes, cells, mode="clip").astype(np.int32, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class CellGroups:
    """The groups of all cells.

    Attributes
    ----------
    looks
        Each grouping is in one of them.
    sizes
        For each grouping, cells of each group, as of `cells_of_groups`.
    """

    looks: tuple[Look, ...]
    sizes: tuple[Ints, ...]

    @property
    def widest(self) -> int:
        """Columns of the widest table of sums of one look."""
        return max((each.n_combinations for each in self.looks), default=1)


def cell_groups(codes: Sequence[Codes], n_groups: Sequence[int]) -> CellGroups:
    """Put groupings into as few looks as is worth it: each into the first that it fits.

    This depends on the groups of the cells alone, so that sums are the same whoever computes them.

    Parameters
    ----------
    codes
        For each grouping, the group of every cell, -1 for none.
    n_groups
        Groups of each grouping.
    """
    looks: list[Look] = []
    for number, (of_cells, width) in enumerate(zip(codes, n_groups, strict=True)):
        for at, look in enumerate(looks):
            if (joined := _joined(look, number, of_cells, width)) is not None:
                looks[at] = joined
                break
        else:
            looks.append(_alone(number, of_cells, width))
    sizes = tuple(cells_of_groups(each, width) for each, width in zip(codes, n_groups, strict=True))
    return CellGroups(tuple(looks), sizes)


def most_combinations(n_cells: int) -> int:
    """The most combinations of groups in one look, of more than one grouping."""
    return min(max(_FEW, n_cells // _CELLS), _MOST)


def _alone(number: int, codes: Codes, n_groups: int) -> Look:
    shifted = codes.astype(_smallest(n_groups + 1))
    shifted += 1
    return Look((number,), shifted, (np.arange(1 + n_groups, dtype=np.int32),))


def _joined(look: Look, number: int, codes: Codes, n_groups: int) -> Look | None:
    """A look with one more grouping; None if they have too many combinations."""
    width = 1 + n_groups
    possible = look.n_combinations * width
    if possible > _POSSIBLE:
        return None
    there = np.zeros(possible, bool)
    for begin in range(0, len(codes), _TILE):
        there[_flat(look, codes, width, begin)] = True
    found = np.flatnonzero(there)
    if not 0 < len(found) <= most_combinations(len(codes)):
        return None
    numbers = np.zeros(possible, np.int32)
    numbers[found] = np.arange(len(found))
    joined = np.empty(len(codes), _smallest(len(found)))
    for begin in range(0, len(codes), _TILE):
        joined[begin : begin + _TILE] = numbers[_flat(look, codes, width, begin)]
    before, last = np.divmod(found, width)
    groups = (*(each[before] for each in look.groups), last.astype(np.int32))
    return Look((*look.members, number), joined, groups)


def _flat(look: Look, codes: Codes, width: int, begin: int) -> npt.NDArray[np.int64]:
    part = slice(begin, begin + _TILE)
    flat = look.codes[part].astype(np.int64)
    flat *= width
    flat += codes[part]
    flat += 1
    return flat


def _smallest(n: int) -> np.dtype[np.signedinteger]:
    return np.dtype(np.int16 if n <= np.iinfo(np.int16).max else np.int32)
