"""Headers of the base layer's tables."""

from __future__ import annotations

from collections.abc import Sequence

#: First column of the tables of cells: the cell's name.
CELL_ID = "cell_id"

COORDS = (CELL_ID, "x", "y")
VAR = ("gene", "source_index")


def obs_columns(columns: Sequence[str]) -> list[str]:
    """Those obs columns that are in the table: one called ``cell_id`` gives way to the cells' names."""
    return [name for name in columns if name != CELL_ID]


def obs_header(columns: Sequence[str]) -> list[str]:
    """Header of the obs table."""
    return [CELL_ID, *obs_columns(columns)]
