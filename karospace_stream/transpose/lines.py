"""Read a sparse matrix that has cells as rows, line by line in stored order.

A line is a row, or a column of a CSC matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader
from karospace_stream.transpose.cuts import cut_lines
from karospace_stream.transpose.kernels import positions

_MOST_LINES = 1 << 18  # positions where it may be cut


@dataclass(frozen=True, slots=True, eq=False)
class LineCuts:
    """Positions at which a matrix is cut into blocks.

    Attributes
    ----------
    cuts
        Lines that bound the blocks.
    most_values, most_lines
        Of a block.
    lines, before
        Where it could be cut, and the stored values before each of these.
    """

    cuts: tuple[int, ...]
    most_values: int
    most_lines: int
    lines: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]


def cut_matrix(reader: MatrixReader, block_values: int, borders: Sequence[int] = (0,)) -> LineCuts:
    """Cut a matrix. Reads its offsets.

    Parameters
    ----------
    block_values
        Stored values of a block, if no line has more.
    borders
        Lines where it may be cut in any case.
    """
    n_lines = reader.info.shape[1 if reader.info.layout == "csc" else 0]
    step = max(1, n_lines // _MOST_LINES)
    lines = np.unique(np.concatenate([np.arange(0, n_lines, step), [n_lines], borders])).astype(np.int64)
    before = reader.count_before(lines)
    cuts = cut_lines(lines, before, block_values, max(1, n_lines))
    at = np.searchsorted(lines, cuts)
    most_values = int(np.diff(before[at]).max(initial=0))
    return LineCuts(cuts, most_values, int(np.diff(cuts).max(initial=0)), lines, before)


def read_lines(
    reader: MatrixReader,
    cuts: Sequence[int],
    cells: npt.NDArray[np.int64] | None,
    *,
    square: bool,
    dtype: str,
) -> Iterator[tuple[int, sparse.csr_matrix]]:
    """Yield blocks of exported lines, sorted and each entry once, with the number of their first line.

    Parameters
    ----------
    cells
        The exported ones, sorted; None for all.
    square
        Whether its columns are cells too, and are left out and numbered like the rows.
    dtype
        Of the values, one that SciPy has routines for.
    """
    by_columns = reader.info.layout == "csc"
    n_across = reader.info.shape[0 if by_columns else 1]
    line_cells = cells if square or not by_columns else None
    position_of = positions(cells, n_across) if square or by_columns else None
    read = reader.read_genes if by_columns else reader.read_rows
    first = 0
    for start, stop in pairwise(cuts):
        block = _as_csr(read(start, stop), n_across, dtype)
        if line_cells is not None:
            kept = line_cells[np.searchsorted(line_cells, start) : np.searchsorted(line_cells, stop)]
            block = block[kept - start]
        if position_of is not None:
            block = _renumbered(block, position_of)
        with np.errstate(over="ignore", invalid="ignore"):
            block.sum_duplicates()
        yield first, block
        first += block.shape[0]


def _as_csr(block: RowBlock | DenseBlock | GeneBand, n_across: int, dtype: str) -> sparse.csr_matrix:
    if isinstance(block, DenseBlock):
        return sparse.csr_matrix(block.data.astype(dtype))
    indices = block.rows if isinstance(block, GeneBand) else block.indices
    arrays = (block.data.astype(dtype), indices, block.indptr)
    return sparse.csr_matrix(arrays, shape=(len(block.indptr) - 1, n_across))


def _renumbered(block: sparse.csr_matrix, position_of: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    """Renumber columns by exported index, without the excluded ones."""
    columns = position_of[block.indices]
    kept = columns >= 0
    ends = np.concatenate([[0], np.cumsum(kept)])[block.indptr]
    n_cells = int(position_of.max(initial=-1)) + 1
    return sparse.csr_matrix((block.data[kept], columns[kept], ends), shape=(block.shape[0], n_cells))
