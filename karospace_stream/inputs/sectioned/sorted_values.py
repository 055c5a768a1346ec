"""Columns and embeddings put into the order of sections, through scratch.

Reading a range of cells of mixed sections would otherwise read the whole column, once for each range. Here,
each step reads a range of rows once and writes their values by stripes of cells. The values of a stripe are
found again without a table, since the order says of which row, and so of which step, each cell is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.sectioned.order import TILE, SectionOrder
from karospace_stream.inputs.sectioned.packed_values import (
    TEXT_NBYTES,
    Values,
    joined_values,
    pack_values,
    text_nbytes,
    unpack_values,
)
from karospace_stream.inputs.striped.preparation import Step
from karospace_stream.model.source import ScratchFiles
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry

_COPIES = 6  # of the values of a step: as read, in their order, packed, joined; and two of the order
_FEWEST_ROWS = 16_384
_MOST_ROWS = 1 << 20
#: Cells of a stripe: the smallest part that can be read.
STRIPE = TILE


class CellReader(Protocol):
    """Reads what each cell has in one column or array. Picklable."""

    @property
    def value_nbytes(self) -> int:
        """Bytes of a cell's value in scratch, about; those of text are known of the first cells."""
        ...

    @property
    def held_nbytes(self) -> int:
        """Bytes of a cell's value in memory, about."""
        ...

    def read(self, start: int, stop: int) -> Values:
        """The values of some rows."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ColumnCells:
    """The values of a column."""

    element: Element

    @property
    def value_nbytes(self) -> int:
        """See the protocol."""
        if not self._is_text:
            return 9  # with a byte that says whether the value is missing
        try:
            return text_nbytes(self.element.read("", 0, min(1_000, self.element.n_rows)).values)
        except BadInputError:  # which is said when the column is read
            return TEXT_NBYTES

    @property
    def held_nbytes(self) -> int:
        """See the protocol."""
        return TEXT_NBYTES if self._is_text else 9

    def read(self, start: int, stop: int) -> Values:
        """See the protocol."""
        column = self.element.read("", start, stop)
        return Values(column.values, column.missing)

    @property
    def _is_text(self) -> bool:
        return self.element.info("").kind == "string"


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingCells:
    """The first columns of an array of obsm."""

    entry: EmbeddingEntry
    n_columns: int

    @property
    def value_nbytes(self) -> int:
        """See the protocol."""
        return 8 * self.n_columns

    @property
    def held_nbytes(self) -> int:
        """See the protocol."""
        return TEXT_NBYTES * self.n_columns if self.entry.info("").is_text else 8 * self.n_columns

    def read(self, start: int, stop: int) -> Values:
        """See the protocol."""
        return Values(self.entry.read(start, stop, self.n_columns), None)


@dataclass(frozen=True, slots=True, eq=False)
class CellPiece:
    """The values of some rows in one file of scratch, stripe by stripe.

    Attributes
    ----------
    begins
        int64, one longer than the number of stripes: where those of each stripe lie.
    dtype
        Of the values.
    """

    key: str
    start: int
    begins: npt.NDArray[np.int64]
    dtype: str
    width: int
    has_missing: bool


@dataclass(frozen=True, slots=True, eq=False)
class CellSorting:
    """The work that sorts the values of one column or array: steps as those of a `Preparation`.

    Attributes
    ----------
    prefix
        Begins the names of its files in scratch.
    """

    reader: CellReader
    order: SectionOrder
    prefix: str

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch; an estimate for text."""
        return self.reader.value_nbytes * self.order.n_cells

    def steps(self, task_nbytes: int) -> list[Step]:
        """Rows whose values fit into the memory of a task, each with its number."""
        most = task_nbytes // (_COPIES * self.reader.held_nbytes)
        height, n_rows = min(max(most, _FEWEST_ROWS), _MOST_ROWS), self.order.n_cells
        return [(number, *rows) for number, rows in enumerate(pairwise([*range(0, n_rows, height), n_rows]))]

    def run(self, step: Step, files: ScratchFiles) -> CellPiece | None:
        """Sort the values of one step; None if they cannot be read, which is said where they are needed."""
        number, start, stop = step
        try:
            values = self.reader.read(start, stop)
        except BadInputError:
            return None
        cells = self.order.cells()[start:stop]
        ascending = np.argsort(cells)
        values, cells = values.taken(ascending), cells[ascending]
        edges = np.searchsorted(cells, np.arange(0, self.order.n_cells + STRIPE, STRIPE))
        packed = [pack_values(values.taken(slice(low, high))) for low, high in pairwise(edges.tolist())]
        key = f"{self.prefix}_{number:05d}"
        files.put(key, b"".join(packed))
        begins = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(each) for each in packed])])
        array = values.values
        width = array.shape[1] if array.ndim == 2 else 0
        return CellPiece(key, start, begins, array.dtype.str, width, values.missing is not None)

    def finish(self, results: Sequence[CellPiece | None], files: ScratchFiles) -> SortedCells | None:
        """The values by cell; None if some could not be read."""
        pieces = tuple(each for each in results if each is not None)
        return SortedCells(self.order, pieces, files) if len(pieces) == len(results) else None


@dataclass(frozen=True, slots=True, eq=False)
class SortedCells:
    """Values in scratch, read by ranges of cells."""

    order: SectionOrder
    pieces: tuple[CellPiece, ...]
    files: ScratchFiles

    @property
    def width(self) -> int:
        """Values of each cell; 0 if the array has one dimension."""
        return self.pieces[0].width

    def read(self, start: int, stop: int) -> Values:
        """The values of some cells, which are at least one."""
        stripes = range(start // STRIPE, -(-stop // STRIPE))
        placed = [
            self._placed(stripe).taken(slice(max(0, start - stripe * STRIPE), stop - stripe * STRIPE))
            for stripe in stripes
        ]
        return joined_values(placed)

    def _placed(self, stripe: int) -> Values:
        """The values of a stripe, each where its cell is."""
        rows = self.order.rows(stripe * STRIPE, min(self.order.n_cells, (stripe + 1) * STRIPE))
        starts = np.array([piece.start for piece in self.pieces])
        # Those of each piece follow each other, in the order of cells.
        where = np.argsort(np.searchsorted(starts, rows, side="right"), kind="stable")
        there = [piece for piece in self.pieces if piece.begins[stripe] < piece.begins[stripe + 1]]
        ranges = [(piece.key, int(piece.begins[stripe]), int(piece.begins[stripe + 1])) for piece in there]
        read = self.files.read_ranges(ranges)
        joined = joined_values(
            [
                unpack_values(data, piece.dtype, piece.width, has_missing=piece.has_missing)
                for piece, data in zip(there, read, strict=True)
            ]
        )
        return joined.placed(where)
