"""Moran's I and Geary's C of genes on a graph, from the values that are not 0.

With weights ``w``, their sum ``S0``, ``n`` cells and deviations ``z`` from the mean (Moran, 1950; Geary,
1954)::

    I = n / S0 * sum_ij(w_ij z_i z_j) / sum_i(z_i^2)
    C = (n - 1) / (2 S0) * sum_ij(w_ij (x_i - x_j)^2) / sum_i(z_i^2)

Both follow from ``sum_ij(w_ij x_i x_j)``, which only cells with a value other than 0 add to, and from sums
over rows and columns of the weights. Each row of weights is divided by its sum, as
``squidpy.gr.spatial_autocorr`` does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.measures.p_values import adjusted, upper_tail
from karospace_stream.measures.pieces import Piece
from karospace_stream.model.side_inputs import Neighbours

Floats = npt.NDArray[np.float64]
#: Of a gene that more of the cells express, all rows of the weights are taken: picking some takes as long.
MANY = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of a graph whose rows have the sum 1, or 0 without neighbours.

    Attributes
    ----------
    matrix
        ``(n_cells, n_cells)``, float64.
    rows, columns
        Sums, ``(n_cells,)``.
    moments
        ``S0, S1, S2`` of Cliff and Ord (1981): the sum of all weights; half the sum of ``(w_ij + w_ji)^2``;
        the sum of the squares of row sum plus column sum. Then how many weights are not 0, are negative,
        and are no finite numbers.
    """

    matrix: sparse.csr_matrix
    rows: Floats
    columns: Floats
    moments: Floats


def weights_of(graph: Neighbours) -> Weights:
    """Divide the rows of a graph by the sums of their absolute values, and sum."""
    n_cells = len(graph.indptr) - 1
    lengths = np.diff(graph.indptr)
    data = graph.weights.astype(np.float64)
    of_rows = np.repeat(np.arange(n_cells), lengths)
    totals = np.bincount(of_rows, np.abs(data), minlength=n_cells)
    totals[totals == 0] = 1
    with np.errstate(invalid="ignore"):  # NaN of an infinite weight
        data /= totals[of_rows]
    matrix = sparse.csr_matrix((data, graph.indices, graph.indptr), shape=(n_cells, n_cells))
    rows: Floats = np.bincount(of_rows, data, minlength=n_cells).astype(np.float64)
    columns: Floats = np.bincount(graph.indices, data, minlength=n_cells).astype(np.float64)
    both = float(matrix.multiply(matrix.T.tocsr()).sum())
    given = graph.weights
    counts = [np.count_nonzero(each) for each in (given, given < 0, ~np.isfinite(given))]
    moments = [data.sum(), (data * data).sum() + both, ((rows + columns) ** 2).sum(), *counts]
    return Weights(matrix, rows, columns, np.asarray(moments, np.float64))


def cross_sums(piece: Piece, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Sums of the genes of a piece from which I and C follow, ``(n_genes,)`` each.

    Returns
    -------
    ``sum_ij(w_ij x_i x_j)``; and with ``s_i``, row sum plus column sum, ``sum_i(s_i x_i)`` and
    ``sum_i(s_i x_i^2)``.
    """
    values, ends = piece.data.astype(np.float64), weights.rows + weights.columns
    genes = np.repeat(np.arange(piece.n_genes), np.diff(piece.indptr))
    of_cells = ends[piece.rows]
    linear = np.bincount(genes, of_cells * values, minlength=piece.n_genes).astype(np.float64)
    square = np.bincount(genes, of_cells * values * values, minlength=piece.n_genes).astype(np.float64)
    crossed, held = np.zeros(piece.n_genes), np.zeros(weights.matrix.shape[0])
    for gene in range(piece.n_genes):
        part = slice(piece.indptr[gene], piece.indptr[gene + 1])
        crossed[gene] = _cross_sum(piece.rows[part], values[part], weights.matrix, held)
    return crossed, linear, square


def _cross_sum(
    cells: npt.NDArray[np.signedinteger], values: Floats, matrix: sparse.csr_matrix, held: Floats
) -> float:
    """The sum of products of one gene: of the rows of its cells, or of all rows if it has many.

    Parameters
    ----------
    held
        Zeros for all cells, and so again afterwards.
    """
    held[cells] = values
    if len(cells) > MANY * len(held):
        found = float((held * (matrix @ held)).sum())
    else:
        found = float((values * (matrix[cells] @ held)).sum())
    held[cells] = 0
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Autocorrelation:
    """I and C of genes, ``(n_genes,)`` each; NaN for a gene whose values are all equal, and if the sum of
    all weights is 0 or no number.

    Attributes
    ----------
    moran_p, geary_p
        One-sided, of the normal approximation under normality (Cliff and Ord, 1981).
    moran_adjusted, geary_adjusted
        By Benjamini and Hochberg (1995) over all genes that have one.
    moran_variance, geary_variance
        Under normality, which depends on the graph alone.
    """

    moran: Floats
    moran_p: Floats
    moran_adjusted: Floats
    geary: Floats
    geary_p: Floats
    geary_adjusted: Floats
    moran_variance: float
    geary_variance: float


def autocorrelation(
    n_cells: int, sums: Floats, squares: Floats, crossed: tuple[Floats, Floats, Floats], moments: Floats
) -> Autocorrelation:
    """I and C from sums over genes.

    Parameters
    ----------
    sums, squares
        Of the values of each gene, ``(n_genes,)``.
    crossed
        As of `cross_sums`.
    moments
        As of `Weights`.
    """
    cross, linear, square = crossed
    s0, s1, s2 = moments[:3]
    n = np.float64(n_cells)  # whose quotient by 0 is no error
    mean = sums / n
    spread = squares - sums * mean
    # What rounding leaves of a gene whose values are all equal is no spread.
    spread = np.where(spread > 1e-12 * np.maximum(squares, 1e-300), spread, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        moran = n / s0 * (cross - mean * linear + mean * mean * s0) / spread
        geary = (n - 1) / (2 * s0) * (square - 2 * cross) / spread
        of_moran = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n - 1) * (n + 1) * s0 * s0) - 1 / (n - 1) ** 2
        of_geary = ((2 * s1 + s2) * (n - 1) - 4 * s0 * s0) / (2 * (n + 1) * s0 * s0)
        moran_p = upper_tail(np.abs(moran + 1 / (n - 1)) / np.sqrt(of_moran))
        geary_p = upper_tail(np.abs(geary - 1) / np.sqrt(of_geary))
    return Autocorrelation(
        moran, moran_p, adjusted(moran_p), geary, geary_p, adjusted(geary_p), float(of_moran), float(of_geary)
    )
