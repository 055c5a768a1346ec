"""Some of the features of a matrix: fewer columns, and fewer rows of their table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand, RowBlock
from karospace_stream.source.elements.arrays import ArrayView
from karospace_stream.source.matrices.sparse import SparseReader

_PIECE = 1 << 20  # values that are looked at together


@dataclass(frozen=True, slots=True, eq=False)
class PickedRows(ArrayView):
    """Some rows of an array; see `StoredArray`.

    Attributes
    ----------
    rows
        Their numbers, ascending.
    """

    rows: npt.NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, ...]:
        """With fewer rows."""
        return (len(self.rows), *self.values.shape[1:])

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read some of the rows, with those in between."""
        first, *rest = bounds or (slice(0, len(self.rows)),)
        wanted = self.rows[first]
        start, stop = (int(wanted[0]), int(wanted[-1]) + 1) if len(wanted) else (0, 0)
        return self.values.read(slice(start, stop), *rest)[wanted - start]


@dataclass(frozen=True, slots=True, eq=False)
class PickedColumns:
    """Some columns of a CSR matrix; see `MatrixReader`.

    Nobody knows how many values they have: `count_before` counts those of all columns, which are read.

    Attributes
    ----------
    columns
        Their numbers, ascending.
    """

    reader: SparseReader
    columns: npt.NDArray[np.int64]

    @property
    def info(self) -> MatrixInfo:
        """Its catalog entry."""
        info = self.reader.info
        return replace(info, shape=(info.shape[0], len(self.columns)), nnz=None)

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Values of all columns before each row."""
        return self.reader.count_before(lines)

    def read_rows(self, start: int, stop: int) -> RowBlock:
        """Read complete rows, and keep the columns."""
        block = self.reader.read_rows(start, stop)
        number_of = np.full(self.reader.info.shape[1], -1, block.indices.dtype)
        number_of[self.columns] = np.arange(len(self.columns))
        cuts = [*range(0, len(block.indices), _PIECE), len(block.indices)]
        kept = [number_of[block.indices[first:last]] >= 0 for first, last in pairwise(cuts)]
        mask = np.concatenate(kept) if kept else np.empty(0, np.bool_)
        before = np.concatenate([[0], np.cumsum(mask)])
        return RowBlock(
            start,
            len(self.columns),
            before[block.indptr],
            number_of[block.indices[mask]],
            block.data[mask],
        )

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Not for rows."""
        raise AssertionError("genes of a CSR matrix cannot be read")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None
