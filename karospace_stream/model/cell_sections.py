"""Sections of a tissue whose cells are stored together, and the order that this takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

#: A group of cells by the name of its category; None for cells without a value.
GroupName = str | None


class CellOrder(Protocol):
    """Cells in another order than that of the input. Picklable."""

    @property
    def n_cells(self) -> int:
        """Cells of the input."""
        ...

    def rows(self, start: int, stop: int) -> npt.NDArray[np.uint32]:
        """The row of the input of some cells."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class CellSections:
    """Sections of a tissue, each a range of the cells of a source.

    Attributes
    ----------
    column
        The obs column whose values are the sections.
    names
        In natural order; None for the cells without a section, last.
    starts
        The first cell of each section, in their order, and the number of all cells.
    why
        How the column was found.
    order
        None if the cells are in the order of the input.
    """

    column: str
    names: tuple[GroupName, ...]
    starts: tuple[int, ...]
    why: str
    order: CellOrder | None

    def ranges(self, cells: npt.NDArray[np.int64] | None) -> tuple[tuple[GroupName, int, int], ...]:
        """Of each section with exported cells: its name, its first exported cell, and the one after its last.

        Parameters
        ----------
        cells
            The exported ones, ascending; None for all.
        """
        bounds = self.starts if cells is None else np.searchsorted(cells, self.starts).tolist()
        several = zip(self.names, bounds[:-1], bounds[1:], strict=True)
        return tuple(each for each in several if each[1] < each[2])
