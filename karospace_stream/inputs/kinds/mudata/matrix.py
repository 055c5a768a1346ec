"""Matrices of several modalities side by side, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.kinds.mudata.rows import spans
from karospace_stream.inputs.kinds.mudata.stacked import overlapping
from karospace_stream.inputs.striped.turned import Turning
from karospace_stream.model.catalog import MatrixInfo, MatrixLayout
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.arrays import StoredArray

_PIECE_VALUES = 1 << 18  # values that are put together at a time
_MOVING_NBYTES = 32  # for each cell: its row and the inverse while it is made; then those of one gene


@dataclass(frozen=True, slots=True)
class Side:
    """The matrix of one modality.

    Attributes
    ----------
    rows
        Its row for each cell; None if they are the same.
    turning
        The work that makes rows of a matrix by genes, if they are needed; until then the reader stands in.
    """

    reader: MatrixReader
    rows: StoredArray | None
    turning: Turning | None = None

    @property
    def width(self) -> int:
        """Number of genes."""
        return self.reader.info.shape[1]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A matrix whose genes are those of several modalities; see `MatrixReader`."""

    info: MatrixInfo
    sides: tuple[Side, ...]

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each line; of genes, those of cells that are left out are counted too."""
        if self.info.layout == "dense":
            return lines.astype(np.int64) * self.info.shape[1]
        if self.info.layout == "csr":
            return sum(
                (self._before_rows(side, lines) for side in self.sides), np.zeros(len(lines), np.int64)
            )
        counts, first = np.zeros(len(lines), np.int64), 0
        for side in self.sides:
            every = (
                side.reader.count_before(np.arange(side.width + 1))
                if _is_csc(side)
                else (np.arange(side.width + 1, dtype=np.int64) * self.info.shape[0])
            )
            counts += every[np.clip(lines - first, 0, side.width)]
            first += side.width
        return counts

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read complete rows, a piece at a time."""
        dtype, width = np.dtype(self.info.dtype), self.info.shape[1]
        if self.info.layout == "dense":
            block = np.empty((stop - start, width), dtype)
            for low, high in self._pieces(start, stop):
                first = 0
                for side in self.sides:
                    block[low - start : high - start, first : first + side.width] = _dense(side, low, high)
                    first += side.width
            return DenseBlock(start, block)
        indptr = [np.zeros(1, np.int64)]
        indices, data = np.empty(0, self._index_dtype), np.empty(0, dtype)
        for low, high in self._pieces(start, stop):
            lengths, its_indices, its_data = self._join(low, high)
            held = len(data)
            # In place where the system can: there is never a second copy of the whole.
            indices.resize(held + len(its_data), refcheck=False)
            data.resize(held + len(its_data), refcheck=False)
            indices[held:], data[held:] = its_indices, its_data
            indptr.append(held + np.cumsum(lengths))
        return RowBlock(start, width, np.concatenate(indptr), indices, data)

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes, which may be of several modalities."""
        assert self.info.gene_major, "genes of a matrix in rows cannot be read"
        bands = [
            _band(self.sides[number], low, high, self.info.shape[0])
            for number, low, high, _ in overlapping([side.width for side in self.sides], start, stop)
        ]
        ends = np.cumsum([0, *(band.indptr[-1] for band in bands)])
        indptr = [band.indptr[1:] + before for band, before in zip(bands, ends[:-1], strict=True)]
        dtype = np.dtype(self.info.dtype)
        return GeneBand(
            start,
            self.info.shape[0],
            np.concatenate([np.zeros(1, np.int64), *indptr]),
            _joined([band.rows for band in bands], self._row_dtype),
            _joined([band.data for band in bands], dtype),
        )

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    @property
    def _index_dtype(self) -> np.dtype[Any]:
        return _index_type(self.info.shape[1])

    @property
    def _row_dtype(self) -> np.dtype[Any]:
        return _index_type(self.info.shape[0])

    def _before_rows(self, side: Side, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        if side.reader.info.layout == "dense":
            return lines.astype(np.int64) * side.width
        if side.rows is None:
            return side.reader.count_before(lines)
        lengths = np.diff(side.reader.count_before(np.arange(side.reader.info.shape[0] + 1)))
        before = np.cumsum(lengths[side.rows.read()], dtype=np.int64)
        return np.concatenate([np.zeros(1, np.int64), before])[lines]

    def _pieces(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Rows to put together at a time; whole chunks, so that few are read twice."""
        per_row = max(1, sum(_values_a_row(side.reader.info) for side in self.sides))
        height = self.info.chunk_rows
        step = max(1, piece_values(self.sides) // per_row // height) * height
        cuts = [start, *range(start // step * step + step, stop, step), stop]
        return list(pairwise(cuts)) if stop > start else []

    def _join(
        self, start: int, stop: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]:
        """Some rows of all sides: the length of each, indices and values."""
        blocks = [_sparse(side, start, stop) for side in self.sides]
        lengths = [np.diff(block.indptr) for block in blocks]
        total = np.sum(lengths, axis=0)
        begins = np.cumsum(total) - total
        indices = np.empty(int(total.sum()), self._index_dtype)
        data = np.empty(len(indices), np.dtype(self.info.dtype))
        first = 0
        for side, block, its in zip(self.sides, blocks, lengths, strict=True):
            where = np.repeat(begins - block.indptr[:-1], its)
            where += np.arange(len(where))
            indices[where] = block.indices
            indices[where] += first
            data[where] = block.data
            begins = begins + its
            first += side.width
        return total, indices, data


def side_by_side(name: str, sides: Sequence[Side], n_cells: int) -> SideBySide:
    """One matrix of several. Where some have only genes and others only rows, rows stand in for genes."""
    if not all(side.reader.info.gene_major for side in sides):
        sides = [_by_rows(side, f"side_{name.replace('/', '_')}_{at}") for at, side in enumerate(sides)]
    return joined_sides(name, sides, n_cells)


def _by_rows(side: Side, prefix: str) -> Side:
    if not _is_csc(side):
        return side
    turning = Turning(side.reader, prefix)
    return Side(turning.stand_in, side.rows, turning)


def joined_sides(name: str, sides: Sequence[Side], n_cells: int) -> SideBySide:
    """One matrix of several, all of which can be read by genes, or all by rows."""
    infos = [side.reader.info for side in sides]
    by_genes = all(info.gene_major for info in infos)
    all_dense = all(info.layout == "dense" for info in infos)
    layout: MatrixLayout = "dense" if all_dense else "csc" if by_genes else "csr"
    width = sum(info.shape[1] for info in infos)
    dtype = np.result_type(*(np.dtype(info.dtype) for info in infos))
    stored = [info.stored_nbytes for info in infos]
    known = [each for each in stored if each is not None]
    moved = any(side.rows is not None for side in sides)
    index = 0 if all_dense else _index_type(n_cells if by_genes else width).itemsize
    info = MatrixInfo(
        name,
        layout,
        (n_cells, width),
        str(dtype),
        nnz=n_cells * width if all_dense else _nnz(sides, n_cells),
        gene_major=by_genes,
        index_itemsize=index,
        stored_nbytes=sum(known) if len(known) == len(stored) else None,
        chunk_values=max(info.chunk_values for info in infos),
        chunk_rows=max(info.chunk_rows for info in infos) if layout != "csc" else 1,
        compression=infos[0].compression,
        joining_itemsize=dtype.itemsize + (index or 4) if by_genes else 0,
        beside_nbytes=_beside_nbytes(infos, n_cells if moved else 0, by_genes=by_genes),
    )
    return SideBySide(info, tuple(sides))


def _beside_nbytes(infos: Sequence[MatrixInfo], n_moved: int, *, by_genes: bool) -> int:
    """A piece as read, as put together, and where its values go; or the cell of each row, and its inverse."""
    beside = max(info.beside_nbytes for info in infos)
    if by_genes:
        return beside + _MOVING_NBYTES * n_moved
    piece = _piece_values(infos)
    return beside + piece * max(info.stored_itemsize + info.index_itemsize for info in infos) * 3 + 24 * piece


def piece_values(sides: Sequence[Side]) -> int:
    """Values to put together at a time: several chunks, so that each is read about once."""
    return _piece_values([side.reader.info for side in sides])


def _piece_values(infos: Sequence[MatrixInfo]) -> int:
    most = sum(info.shape[0] * info.shape[1] if info.nnz is None else info.nnz for info in infos)
    return max(1, min(most, max(_PIECE_VALUES, *(2 * info.chunk_values for info in infos))))


def _values_a_row(info: MatrixInfo) -> int:
    return info.shape[1] if info.nnz is None else info.nnz // max(1, info.shape[0])


def _nnz(sides: Sequence[Side], n_cells: int) -> int | None:
    counts = [
        n_cells * side.width
        if side.reader.info.layout == "dense"
        else (side.reader.info.nnz if side.rows is None else None)
        for side in sides
    ]
    known = [each for each in counts if each is not None]
    return sum(known) if len(known) == len(counts) else None


def _index_type(width: int) -> np.dtype[Any]:
    return np.dtype(np.int32 if width <= np.iinfo(np.int32).max else np.int64)


def _is_csc(side: Side) -> bool:
    return side.reader.info.layout == "csc"


def _dense(side: Side, start: int, stop: int) -> npt.NDArray[Any]:
    if side.rows is None:
        return _values(side.reader.read_rows(start, stop))
    rows = side.rows.read(slice(start, stop))
    taken = np.empty((len(rows), side.width), np.dtype(side.reader.info.dtype))
    for low, high, where in spans(rows):
        taken[where] = _values(side.reader.read_rows(low, high))[rows[where] - low]
    return taken


def _values(block: RowBlock | DenseBlock) -> npt.NDArray[Any]:
    assert isinstance(block, DenseBlock)
    return block.data


def _sparse(side: Side, start: int, stop: int) -> RowBlock:
    """Rows of one side as CSR; of a dense one, all values are stored ones."""
    if side.reader.info.layout == "dense":
        values = _dense(side, start, stop)
        n_rows = stop - start
        indices = np.tile(np.arange(side.width, dtype=np.int32), n_rows)
        indptr = np.arange(n_rows + 1, dtype=np.int64) * side.width
        return RowBlock(start, side.width, indptr, indices, np.ascontiguousarray(values).ravel())
    if side.rows is None:
        return _rows(side.reader, start, stop)
    rows = side.rows.read(slice(start, stop))
    found = [
        (np.arange(len(rows))[where], _chosen(_rows(side.reader, low, high), rows[where] - low))
        for low, high, where in spans(rows)
    ]
    if len(found) == 1:
        return found[0][1]
    return _in_order(found, len(rows), side)


def _rows(reader: MatrixReader, start: int, stop: int) -> RowBlock:
    block = reader.read_rows(start, stop)
    assert isinstance(block, RowBlock)
    return block


def _chosen(block: RowBlock, rows: npt.NDArray[np.int64]) -> RowBlock:
    """Some rows of a block, in another order."""
    lengths = np.diff(block.indptr)[rows]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    where = np.repeat(block.indptr[rows] - indptr[:-1], lengths)
    where += np.arange(len(where))
    return RowBlock(block.start, block.n_genes, indptr, block.indices[where], block.data[where])


def _in_order(found: Sequence[tuple[npt.NDArray[np.int64], RowBlock]], n_rows: int, side: Side) -> RowBlock:
    """Blocks of scattered rows as one, each row at its position."""
    dtype = np.dtype(side.reader.info.dtype)
    positions = _joined([where for where, _ in found], np.dtype(np.int64))
    lengths = _joined([np.diff(block.indptr) for _, block in found], np.dtype(np.int64))
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    indices = _joined([block.indices for _, block in found], _index_type(side.width))
    every = RowBlock(0, side.width, indptr, indices, _joined([block.data for _, block in found], dtype))
    back = np.empty(n_rows, np.int64)
    back[positions] = np.arange(n_rows)
    return _chosen(every, back)


def _band(side: Side, start: int, stop: int, n_cells: int) -> GeneBand:
    """Genes of one side, for the cells of all."""
    band = side.reader.read_genes(start, stop)
    if side.rows is None:
        return band
    cell_of = np.full(side.reader.info.shape[0], -1, _index_type(n_cells))
    cell_of[side.rows.read()] = np.arange(n_cells, dtype=cell_of.dtype)
    indptr = np.zeros_like(band.indptr)
    rows: npt.NDArray[Any] = np.empty(len(band.rows), cell_of.dtype)
    data = np.empty_like(band.data)
    for gene, (first, last) in enumerate(pairwise(band.indptr.tolist())):
        cells = cell_of[band.rows[first:last]]
        there = cells >= 0
        begin = indptr[gene]
        end = indptr[gene + 1] = begin + np.count_nonzero(there)
        rows[begin:end] = cells[there]
        data[begin:end] = band.data[first:last][there]
    rows.resize(indptr[-1], refcheck=False)
    data.resize(indptr[-1], refcheck=False)
    return GeneBand(start, n_cells, indptr, rows, data)


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    if len(arrays) == 1:
        return arrays[0].astype(dtype, copy=False)
    return np.concatenate([np.empty(0, dtype), *(each.astype(dtype, copy=False) for each in arrays)])
