"""Counts, sums and squares of genes over groups of cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.pieces import PIECE, Piece

Floats = npt.NDArray[np.float64]


def group_moments(
    piece: Piece, codes: npt.NDArray[np.signedinteger], n_groups: int
) -> tuple[npt.NDArray[np.uint32], Floats, Floats]:
    """Sum over groups, in float64, value after value in cell order.

    Parameters
    ----------
    codes
        ``(n_cells,)``: the group of each cell, -1 for none.

    Returns
    -------
    Cells whose value is not 0, sums, and sums of squares: ``(n_genes, 1 + n_groups)`` each, at 0 those of
    cells without a group.
    """
    width, shape = 1 + n_groups, (piece.n_genes, 1 + n_groups)
    counts = np.zeros(piece.n_genes * width, np.int64)
    sums, squares = np.zeros((2, piece.n_genes * width))
    # More than one run only if the piece is one long gene.
    for begin in range(0, len(piece.data), PIECE) if piece.n_genes == 1 else (0,):
        end = min(begin + PIECE, len(piece.data)) if piece.n_genes == 1 else len(piece.data)
        keys = piece.keys(width, begin, end)
        keys += 1
        keys += codes[piece.rows[begin:end]]
        values = piece.data[begin:end].astype(np.float64)
        counts += np.bincount(keys, minlength=len(counts))
        sums += np.bincount(keys, values, minlength=len(counts))
        values *= values
        squares += np.bincount(keys, values, minlength=len(counts))
    return counts.astype(np.uint32).reshape(shape), sums.reshape(shape), squares.reshape(shape)


def sums_of_genes(piece: Piece) -> tuple[Floats, Floats]:
    """Sums and sums of squares over all cells, ``(n_genes,)``, whatever the groups.

    Always by ``reduceat``: ``sum`` adds in another order, so that a gene alone would have another sum.
    """
    sums, squares = np.zeros((2, piece.n_genes))
    if piece.n_genes == 1:
        for begin in range(0, len(piece.data), PIECE):
            values = piece.data[begin : begin + PIECE].astype(np.float64)
            sums += np.add.reduceat(values, [0])
            squares += np.add.reduceat(values * values, [0])
        return sums, squares
    filled = np.flatnonzero(np.diff(piece.indptr))
    if len(filled):
        values = piece.data.astype(np.float64)
        sums[filled] = np.add.reduceat(values, piece.indptr[filled])
        squares[filled] = np.add.reduceat(values * values, piece.indptr[filled])
    return sums, squares


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
