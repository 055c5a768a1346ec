"""Matrices of cells in another order, read as they lie in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.inputs.sectioned.order import SectionOrder
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader

_OFFSETS = 8  # of a row, beside each of its values


@dataclass(frozen=True, slots=True, eq=False)
class OrderedRows:
    """Rows in another order, run by run; see `MatrixReader`.

    Attributes
    ----------
    is_square
        Whether columns are cells too, as those of a graph.
    """

    info: MatrixInfo
    stored: MatrixReader
    order: SectionOrder
    is_square: bool = False

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each row."""
        if self.info.layout == "dense":
            return self.stored.count_before(lines)
        lengths = np.diff(self.stored.count_before(np.arange(self.order.n_cells + 1, dtype=np.int64)))
        before = np.zeros(self.order.n_cells + 1, np.int64)
        np.cumsum(lengths[self.order.rows(0, self.order.n_cells)], out=before[1:])
        return before[lines]

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read complete rows."""
        runs = list(self.order.runs(start, stop))
        if self.info.layout == "dense":
            rows = self._dense(runs, stop - start)
            return DenseBlock(
                start, rows[:, self.order.rows(0, self.order.n_cells)] if self.is_square else rows
            )
        blocks = [self.stored.read_rows(*run) for run in runs] or [self.stored.read_rows(0, 0)]
        return self._renumbered(_stacked(blocks, start, self.info.shape[1]))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Not for rows."""
        raise AssertionError("genes of a matrix of rows cannot be read")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    def _dense(self, runs: list[tuple[int, int]], n_rows: int) -> npt.NDArray[Any]:
        if len(runs) == 1:
            return _dense_rows(self.stored, *runs[0])
        joined = np.empty((n_rows, self.info.shape[1]), self.info.dtype)
        at = 0
        for first, end in runs:
            joined[at : at + end - first] = _dense_rows(self.stored, first, end)
            at += end - first
        return joined

    def _renumbered(self, block: RowBlock) -> RowBlock:
        if not self.is_square:
            return block
        cells = self.order.cells()
        columns = cells[block.indices].astype(block.indices.dtype)
        indptr, indices, data = in_line_order(
            block.indptr, columns, block.data, (len(block.indptr) - 1, len(cells))
        )
        return RowBlock(block.start, block.n_genes, indptr, indices, data)


@dataclass(frozen=True, slots=True, eq=False)
class OrderedGenes:
    """Genes whose cells have other numbers; see `MatrixReader`."""

    info: MatrixInfo
    stored: MatrixReader
    order: SectionOrder
    is_square: bool = False

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each gene; before each row, if they are dense."""
        if not self.is_square:
            return self.stored.count_before(lines)
        lengths = np.diff(self.stored.count_before(np.arange(self.order.n_cells + 1, dtype=np.int64)))
        before = np.zeros(self.order.n_cells + 1, np.int64)
        np.cumsum(lengths[self.order.rows(0, self.order.n_cells)], out=before[1:])
        return before[lines]

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read complete rows of a dense matrix, which may lie gene by gene."""
        return OrderedRows(self.info, self.stored, self.order).read_rows(start, stop)

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes, each with its cells in the new order."""
        if not self.is_square:
            return self._renumbered(self.stored.read_genes(start, stop), start)
        bands = [self.stored.read_genes(*run) for run in self.order.runs(start, stop)]
        rows = [RowBlock(0, self.order.n_cells, band.indptr, band.rows, band.data) for band in bands]
        joined = _stacked(rows, start, self.order.n_cells)
        return self._renumbered(
            GeneBand(start, self.order.n_cells, joined.indptr, joined.indices, joined.data), start
        )

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    def _renumbered(self, band: GeneBand, start: int) -> GeneBand:
        rows = self.order.cells()[band.rows].astype(band.rows.dtype)
        shape = (len(band.indptr) - 1, band.n_cells)
        indptr, rows, data = in_line_order(band.indptr, rows, band.data, shape)
        return GeneBand(start, band.n_cells, indptr, rows, data)


def ordered_matrix(stored: MatrixReader, order: SectionOrder, *, is_square: bool = False) -> MatrixReader:
    """A matrix whose rows are in another order; its columns too, if they are cells."""
    info = stored.info
    by_genes = info.layout == "csc" or info.gene_major
    item = info.stored_itemsize
    more = item if info.layout == "dense" else item + info.index_itemsize + _OFFSETS
    info = replace(info, joining_itemsize=info.joining_itemsize + more)
    return (OrderedGenes if by_genes else OrderedRows)(info, stored, order, is_square)


def in_line_order(
    indptr: npt.NDArray[np.int64], indices: Any, data: npt.NDArray[Any], shape: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], Any, npt.NDArray[Any]]:
    """The same lines with ascending indices; equal ones stay in their order."""
    values = data.view(np.uint16) if data.dtype == np.float16 else data  # which SciPy has no routine for
    lines = sparse.csr_matrix((values, indices, indptr), shape, copy=False)
    turned = lines.tocsc().tocsr()  # stable, unlike sorting
    return turned.indptr.astype(np.int64), turned.indices, turned.data.view(data.dtype)


def _stacked(blocks: list[Any], start: int, width: int) -> RowBlock:
    if len(blocks) == 1:
        return RowBlock(start, width, blocks[0].indptr, blocks[0].indices, blocks[0].data)
    lengths = np.concatenate([np.diff(block.indptr) for block in blocks])
    indptr = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=indptr[1:])
    indices = np.concatenate([block.indices for block in blocks])
    return RowBlock(start, width, indptr, indices, np.concatenate([block.data for block in blocks]))


def _dense_rows(reader: MatrixReader, start: int, stop: int) -> npt.NDArray[Any]:
    block = reader.read_rows(start, stop)
    assert isinstance(block, DenseBlock)
    return block.data


@dataclass(frozen=True, slots=True)
class ByColumns:
    """The columns of a graph in CSC, which were sorted like rows; see `MatrixReader`."""

    lines: MatrixReader

    @property
    def info(self) -> MatrixInfo:
        """Its catalog entry."""
        return replace(self.lines.info, layout="csc", gene_major=True)

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each column."""
        return self.lines.count_before(lines)

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Not for columns."""
        raise AssertionError("rows of a matrix of columns cannot be read")

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete columns."""
        block = self.lines.read_rows(start, stop)
        assert isinstance(block, RowBlock)
        return GeneBand(start, block.n_genes, block.indptr, block.indices, block.data)

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None
