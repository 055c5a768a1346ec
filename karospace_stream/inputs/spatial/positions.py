"""Positions of the spots and bins of Space Ranger, in the order of the cells of a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.spatial.rows import CellRows

#: Columns of the files, after that of the barcodes.
COLUMNS = ("in_tissue", "array_row", "array_col", "pxl_row_in_fullres", "pxl_col_in_fullres")
BARCODE = "barcode"


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Where the cells of a matrix are, one row for each.

    Attributes
    ----------
    columns
        ``in_tissue``, ``array_row`` and ``array_col``, if the file has them; 0 where a cell has no row.
    xy
        ``(n_cells, 2)``: pixel column and row in the full image; NaN where a cell has no row.
    missing
        True for cells without a row.
    n_unused
        Rows in the tissue that belong to no cell.
    """

    columns: dict[str, npt.NDArray[np.integer]]
    xy: npt.NDArray[np.float64]
    missing: npt.NDArray[np.bool_]
    n_unused: int


class PositionsFound:
    """Collects the rows of the file, some at a time."""

    def __init__(self, n_cells: int, where: str) -> None:
        self.n_cells, self.where = n_cells, where
        self.xy = np.full((n_cells, 2), np.nan)
        self.seen = np.zeros(n_cells, np.bool_)
        self.columns: dict[str, npt.NDArray[np.integer]] = {}
        self.n_unused = 0
        self._last = np.empty(n_cells, np.int32)

    def add(self, cells: npt.NDArray[np.integer], rows: dict[str, npt.NDArray[Any]]) -> None:
        """Take some rows.

        Parameters
        ----------
        cells
            The cell of each, -1 if it has none.
        rows
            Their columns.

        Raises
        ------
        BadInputError
            If a cell has two rows.
        """
        used = cells >= 0
        theirs = cells[used]
        numbers = np.arange(len(theirs), dtype=np.int32)
        self._last[theirs] = numbers
        if self.seen[theirs].any() or not np.array_equal(self._last[theirs], numbers):
            raise BadInputError(f"{self.where} has several rows for one barcode; it must have one for each")
        self.seen[theirs] = True
        self.xy[theirs, 0] = rows["pxl_col_in_fullres"][used]
        self.xy[theirs, 1] = rows["pxl_row_in_fullres"][used]
        for name in COLUMNS[:3]:
            if name in rows:
                self._put(name, theirs, rows[name][used])
        there = rows["in_tissue"] == 1 if "in_tissue" in rows else np.ones(len(cells), np.bool_)
        self.n_unused += int(np.count_nonzero(there & ~used))

    def finish(self) -> Positions:
        """What was found."""
        return Positions(self.columns, self.xy, ~self.seen, self.n_unused)

    def _put(self, name: str, cells: npt.NDArray[np.integer], values: npt.NDArray[Any]) -> None:
        kind: type[np.integer] = np.int8 if name == "in_tissue" else np.int32
        limits = np.iinfo(kind)
        if len(values) and not (values.min() >= limits.min and values.max() <= limits.max):
            raise BadInputError(f"{name} of {self.where} must be small whole numbers, got {values.max()}")
        self.columns.setdefault(name, np.zeros(self.n_cells, kind))[cells] = values


def positions_of_table(
    ids: Sequence[str], table: dict[str, npt.NDArray[Any]], where: str, cells: CellRows
) -> Positions:
    """Take positions from columns in memory, joined by the barcode.

    Raises
    ------
    BadInputError
        If a column is missing, or a barcode is there twice.
    """
    checked_columns(table, where)
    found = PositionsFound(cells.n_cells, where)
    found.add(cells.find(ids, where), table)
    return found.finish()


def checked_columns(table: dict[str, npt.NDArray[Any]], where: str) -> dict[str, npt.NDArray[Any]]:
    """The columns, if they are there and hold numbers.

    Raises
    ------
    BadInputError
        If they do not.
    """
    lacking = [name for name in COLUMNS[3:] if name not in table]
    if lacking:
        raise BadInputError(f"{where} must have the columns {', '.join(COLUMNS)}, but has no {lacking[0]}")
    for name in COLUMNS:
        if name in table and table[name].dtype.kind not in "iuf":
            raise BadInputError(f"{name} of {where} must be numbers, but holds text")
    return table
