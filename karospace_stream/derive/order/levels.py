"""Where the levels of a fair order begin, and their blocks."""

from __future__ import annotations

from itertools import pairwise

#: Cells of the first level, which are in the order of their priority: each prefix of them is fair by itself.
FIRST_LEVEL = 65_536
#: Cells of a block: one box each.
BLOCK = 1_024
# A level adds a sixteenth to the cells before it. While it is incomplete, parts of the picture have that much
# more cells than others, and no more.
_SHARE = 16


def fair_levels(n_cells: int) -> tuple[int, ...]:
    """The first cell of each level, and the number of all cells."""
    cuts, at = [0], FIRST_LEVEL
    while at < n_cells:
        cuts.append(at)
        at += at // _SHARE
    return (*cuts, n_cells)


def block_cuts(levels: tuple[int, ...]) -> tuple[int, ...]:
    """The first cell of each block, and the number of all cells; no block has cells of two levels."""
    starts = [first for start, stop in pairwise(levels) for first in range(start, stop, BLOCK)]
    return (*starts, levels[-1])
