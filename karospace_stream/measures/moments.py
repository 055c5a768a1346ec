"""Counts, sums and squares of genes over groups of cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.measures.looks import Look
from karospace_stream.measures.pieces import Piece

Floats = npt.NDArray[np.float64]


@np.errstate(over="ignore", invalid="ignore")
def moments(piece: Piece, looks: tuple[Look, ...]) -> tuple[Floats, list[list[npt.NDArray[Any]]]]:
    """Sum over all cells, and over the combinations of each look: in float64, in cell order.

    Returns
    -------
    Sums and sums of squares over all cells, ``(2, n_genes)``; and for each look the cells whose value is not
    0, int64, sums, and sums of squares, ``(n_genes, n_combinations)`` each.
    """
    of_all = np.zeros((2, piece.n_genes))
    shapes = [(piece.n_genes, look.n_combinations) for look in looks]
    found = [[np.zeros(shape, np.int64), *np.zeros((2, *shape))] for shape in shapes]
    for part in piece.parts():
        values = part.data.astype(np.float64)
        squares = values * values
        of_all += _over_cells(part, values), _over_cells(part, squares)
        ones, indptr = np.ones(len(values), np.int32), part.indptr.astype(np.int32)
        for look, totals in zip(looks, found, strict=True):
            columns = look.at(part.rows)
            of_values: tuple[npt.NDArray[Any], ...] = (ones, values, squares)
            for total, numbers in zip(totals, of_values, strict=True):
                total += sum_by_column(indptr, columns, numbers, look.n_combinations)
    return of_all, found


def sum_by_column(
    indptr: npt.NDArray[np.integer],
    columns: npt.NDArray[np.int32],
    numbers: npt.NDArray[Any],
    n_columns: int,
) -> npt.NDArray[Any]:
    """Sum the numbers of each row by their column, one after another: ``(n_rows, n_columns)``.

    SciPy adds up the entries of a CSR matrix that are at the same place. It needs no key for each number, as
    ``numpy.bincount`` does, and is twice as fast.
    """
    shape = (len(indptr) - 1, n_columns)
    summed: npt.NDArray[Any] = sparse.csr_matrix((numbers, columns, indptr), shape=shape).toarray()
    return summed


def over_groups(table: npt.NDArray[Any], groups: npt.NDArray[np.int32], width: int) -> npt.NDArray[Any]:
    """Add up the columns of a table that belong to one group: ``(n_genes, width)``.

    Parameters
    ----------
    groups
        int32: the group of each column, as in `Look`.
    """
    n_genes, n_columns = table.shape
    if n_columns == width and np.array_equal(groups, np.arange(width)):
        return table
    indptr = np.arange(0, n_genes * n_columns + 1, n_columns, dtype=np.int32)
    return sum_by_column(indptr, np.tile(groups, n_genes), table.ravel(), width)


def _over_cells(part: Piece, numbers: Floats) -> Floats:
    """Sums of genes, whatever the groups.

    Always by ``reduceat``: ``sum`` adds in another order, so that a gene alone would have another sum.
    """
    sums = np.zeros(part.n_genes)
    filled = np.flatnonzero(np.diff(part.indptr))
    if len(filled):
        sums[filled] = np.add.reduceat(numbers, part.indptr[filled])
    return sums


def extremes(piece: Piece, n_cells: int) -> tuple[Floats, Floats]:
    """Smallest and largest value of each gene, ``(n_genes,)``; cells without a stored value have 0."""
    low, high = np.zeros((2, piece.n_genes))
    lengths = np.diff(piece.indptr)
    filled = np.flatnonzero(lengths)
    if len(filled):
        low[filled] = np.minimum.reduceat(piece.data, piece.indptr[filled])
        high[filled] = np.maximum.reduceat(piece.data, piece.indptr[filled])
    some_zero = lengths < n_cells
    low[some_zero] = np.minimum(low[some_zero], 0)
    high[some_zero] = np.maximum(high[some_zero], 0)
    return low, high
