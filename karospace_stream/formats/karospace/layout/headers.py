"""Headers of the base layer's tables."""

from __future__ import annotations

from collections.abc import Sequence

#: First column of the cell tables: the cell's name.
CELL_ID = "cell_id"

COORDS = (CELL_ID, "x", "y")
VAR = ("gene", "source_index")


def obs_columns(columns: Sequence[str]) -> list[str]:
    """The obs columns in the table: the cell names replace a column called ``cell_id``."""
    return [name for name in columns if name != CELL_ID]


def obs_header(columns: Sequence[str]) -> list[str]:
    """Header of the obs table."""
    return [CELL_ID, *obs_columns(columns)]
