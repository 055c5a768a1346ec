"""Find the rows of the cells of a matrix in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

if TYPE_CHECKING:
    import pandas as pd

_NAMES_AT_ONCE = 1 << 18

#: ``names(start, stop)``: the names of some cells.
Names = Callable[[int, int], npt.NDArray[np.object_]]


def blocks_of(names: Names, n_cells: int) -> Iterator[tuple[int, npt.NDArray[np.object_]]]:
    """The names of all cells, some at a time, each with the number of its first cell."""
    for start in range(0, n_cells, _NAMES_AT_ONCE):
        yield start, names(start, min(n_cells, start + _NAMES_AT_ONCE))


def rows_of(ids: pd.Index[Any], where: str, names: Names, n_cells: int) -> npt.NDArray[np.int32]:
    """The row of each cell in a table; -1 if it has none.

    Raises
    ------
    BadInputError
        If an id is there twice.
    """
    if not ids.is_unique:
        raise BadInputError(
            f"{where} must have one row for each cell, but has several for {ids[ids.duplicated()][0]!r}"
        )
    import pandas as pd

    rows = np.empty(n_cells, np.int32)
    for start, some in blocks_of(names, n_cells):
        found = ids[start : start + len(some)]
        same = len(found) == len(some) and bool((np.asarray(found) == some).all())
        rows[start : start + len(some)] = (
            np.arange(start, start + len(some)) if same else ids.get_indexer(pd.Index(some, dtype=object))
        )
    return rows
