"""Rows of a matrix put into the order of sections, through scratch.

Reading the cells of one section would otherwise read every chunk of the matrix, where cells of many sections
share a chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.inputs.sectioned.matrices import in_line_order
from karospace_stream.inputs.sectioned.order import SectionOrder
from karospace_stream.inputs.striped.preparation import Step
from karospace_stream.inputs.striped.stripes import Piece
from karospace_stream.inputs.striped.striping import Striping
from karospace_stream.inputs.striped.write import put_rows
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, not_zero
from karospace_stream.model.source import MatrixReader, ScratchFiles
from karospace_stream.transpose.cuts import cut_lines
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS

_COPIES = 5  # of the values of a step: as read, in their order, packed, and joined to one file
_FEWEST_VALUES = 1 << 16
_OFFSETS = 2 * 8  # bytes a cell of the offsets of a step
_MOST_LINES = 65_536  # positions where rows may be cut
_LEAST_RUN = 4_096  # values of a run that are worth a read, where no chunk is larger


def is_scattered(info: MatrixInfo, order: SectionOrder, n_sections: int, *, is_square: bool) -> bool:
    """Whether reading the cells of each section would read much else, or read too often."""
    by_rows = (is_square and info.layout == "csc") or not (info.layout == "csc" or info.gene_major)
    if not by_rows or order.n_runs <= 2 * n_sections:
        return False
    n_values = info.shape[0] * info.shape[1] if info.nnz is None else info.nnz
    chunk = info.chunk_rows * info.shape[1] if info.layout == "dense" else info.chunk_values
    return order.n_runs * max(chunk, _LEAST_RUN) > n_values


@dataclass(frozen=True, slots=True, eq=False)
class RowSorting(Striping):
    """The work that sorts the rows of one matrix: steps as those of a `Preparation`.

    The columns of a graph in CSC are sorted as if they were rows; `ByColumns` reads them.

    Attributes
    ----------
    is_square
        Whether columns are cells too.
    """

    order: SectionOrder
    is_square: bool

    def steps(self, task_nbytes: int) -> list[Step]:
        """Rows whose values fit into the memory of a task, each with its number."""
        info = self.reader.info
        n_rows = info.shape[0]
        lines = np.unique([*range(0, n_rows, max(1, n_rows // _MOST_LINES)), n_rows])
        item = self._stripes().value_nbytes if info.layout != "dense" else 2 * info.stored_itemsize + 4
        room = task_nbytes - _OFFSETS * n_rows
        most = max(_FEWEST_VALUES, room // (_COPIES * item))
        cuts = cut_lines(lines, self.reader.count_before(lines), most, MAX_BLOCK_ROWS, info.chunk_rows)
        return [(number, *rows) for number, rows in enumerate(pairwise(cuts))]

    def run(self, step: Step, files: ScratchFiles) -> Piece:
        """Sort the rows of one step."""
        number, start, stop = step
        rows = _sparse_rows(self.reader, start, stop)
        dtype = rows.data.dtype
        cells = self.order.cells()
        own = cells[start:stop].astype(np.int64)
        ascending = np.argsort(own)
        values = (
            rows.data.view(np.uint16) if dtype == np.float16 else rows.data
        )  # SciPy has no routine for it
        moved = sparse.csr_matrix((values, rows.indices, rows.indptr), rows.shape, copy=False)[ascending]
        del rows, values
        own = own[ascending]
        first = int(own[0]) if len(own) else 0
        lengths = np.zeros(int(own[-1]) + 1 - first if len(own) else 0, np.int64)
        lengths[own - first] = np.diff(moved.indptr)
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        columns, data = moved.indices, moved.data
        if self.is_square:
            columns = cells[columns].astype(columns.dtype)
            _, columns, data = in_line_order(moved.indptr.astype(np.int64), columns, data, moved.shape)
        return put_rows(files, self._key(number), self._stripes(), first, indptr, columns, data.view(dtype))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows as CSR arrays."""

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[Any]
    data: npt.NDArray[Any]
    shape: tuple[int, int]


def _sparse_rows(reader: MatrixReader, start: int, stop: int) -> _Rows:
    shape = (stop - start, reader.info.shape[1])
    if reader.info.layout == "csc":
        band = reader.read_genes(start, stop)
        return _Rows(band.indptr, band.rows, band.data, shape)
    block = reader.read_rows(start, stop)
    if not isinstance(block, DenseBlock):
        return _Rows(block.indptr, block.indices, block.data, shape)
    there = not_zero(block.data)
    indptr = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))]).astype(np.int64)
    indices = np.broadcast_to(np.arange(shape[1], dtype=np.int32), shape)[there]
    return _Rows(indptr, indices, block.data[there], shape)
