"""Pieces of the matrix that are in memory for a short time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Some cells x all genes of the source, CSR (the cells' order is the source's).

    Attributes
    ----------
    start
        Row of the source that ``indptr[0]`` belongs to.
    n_genes
        Width of the source matrix.
    indptr
        int64, ``(n_rows + 1,)``, from 0.
    indices
        int32 or int64, ``(nnz,)``. As stored: may be unsorted, may repeat.
    data
        ``(nnz,)``, the source's type. As stored: may hold zeros and NaN.
    """

    start: int
    n_genes: int
    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32] | npt.NDArray[np.int64]
    data: npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class DenseBlock:
    """Some cells x all genes of the source, dense, ``(n_rows, n_genes)``, the source's type."""

    start: int
    data: npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class GeneBand:
    """Some genes x all cells, CSC: the cells of one gene after those of another.

    Attributes
    ----------
    start
        Position, in the order of the export (or of the source, as read), of the first gene.
    n_cells
        Length of a gene.
    indptr
        int64, ``(n_genes + 1,)``, from 0.
    rows
        int32 or int64, ``(nnz,)``: cell numbers.
    data
        ``(nnz,)``.
    """

    start: int
    n_cells: int
    indptr: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32] | npt.NDArray[np.int64]
    data: npt.NDArray[np.generic]


def not_zero(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Which values are stored when a dense matrix becomes sparse: a negative zero does not count as zero."""
    bits = values.view(f"u{values.dtype.itemsize}") if values.dtype.kind == "f" else values
    there: npt.NDArray[np.bool_] = np.not_equal(bits, 0)
    return there


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """Properties that determine how the values of a matrix are stored.

    Attributes
    ----------
    largest
        The largest absolute value of those that are finite.
    integral
        Whether all finite values are integers.
    """

    largest: float = 0.0
    integral: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class GeneSpans:
    """The start of each exported gene among the values of all genes, one gene after another.

    Attributes
    ----------
    indptr
        int64, ``(n_genes + 1,)``, from 0. Zeros do not count.
    dtype
        How values are stored: float32 or float64.
    """

    indptr: npt.NDArray[np.int64]
    dtype: str

    @property
    def n_values(self) -> int:
        """Number of values of all genes."""
        return int(self.indptr[-1])
