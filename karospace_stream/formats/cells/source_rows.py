"""The row of the input that each exported cell was, where cells are stored in another order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.cell_sections import CellSections


def is_moved(sections: CellSections | None, cells: npt.NDArray[np.int64] | None) -> bool:
    """Whether exported cells are in another order than in the input."""
    if sections is None or sections.order is None:
        return False
    last = -1
    n_cells = sections.order.n_cells if cells is None else len(cells)
    for start in range(0, n_cells, TILE):
        rows = exported_rows(sections, cells, start, min(start + TILE, n_cells))
        if int(rows[0]) < last or (rows[1:] < rows[:-1]).any():
            return True
        last = int(rows[-1])
    return False


def exported_rows(
    sections: CellSections, cells: npt.NDArray[np.int64] | None, start: int, stop: int
) -> npt.NDArray[np.uint32]:
    """The row of the input of some exported cells."""
    assert sections.order is not None
    if cells is None:
        return sections.order.rows(start, stop)
    own = cells[start:stop]
    first = int(own[0]) if len(own) else 0
    return sections.order.rows(first, int(own[-1]) + 1 if len(own) else first)[own - first]


def row_tiles(
    sections: CellSections, cells: npt.NDArray[np.int64] | None, start: int, stop: int
) -> Iterator[npt.NDArray[np.uint32]]:
    """Those of exported cells ``start`` to ``stop``, tile by tile."""
    for each in pairwise([*range(start, stop, TILE), stop]):
        yield exported_rows(sections, cells, *each)
