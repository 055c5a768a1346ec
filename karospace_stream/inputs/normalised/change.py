"""The arithmetic of scanpy's ``normalize_total`` and ``log1p``, on blocks of rows and bands of genes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.normalised.once import PIECE, each_once, pieces_of
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock

Floats = npt.NDArray[np.floating]
_SPARSE = 4  # below one value in so many, zeros are passed over


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What is done to the values of a matrix.

    Attributes
    ----------
    matrix
        Its name, for errors.
    dtype
        Of the result: float64 if the matrix has it, else float32, as scanpy does.
    target
        The total of each cell afterwards; None if cells are not normalised.
    log
        Whether the natural logarithm of one plus the value follows.
    cells
        The exported cells, sorted; None for all. The totals of others may be anything.
    """

    matrix: str
    dtype: str
    target: float | None
    log: bool
    cells: npt.NDArray[np.int64] | None = None

    def divisors(self, totals: npt.NDArray[np.float64], start: int) -> Floats:
        """The numbers by which the values of some cells are divided: 1 for cells without counts.

        Parameters
        ----------
        totals
            Of the cells from ``start``.

        Raises
        ------
        BadInputError
            If the total of an exported cell is negative or no finite number.
        """
        assert self.target is not None
        with np.errstate(over="ignore"):  # reported below
            narrow = totals.astype(self.dtype)
        faulty = np.flatnonzero(~(np.isfinite(narrow) & (narrow >= 0))) + start
        if self.cells is not None:
            faulty = faulty[np.isin(faulty, self.cells)]
        if len(faulty):
            raise BadInputError(
                f"--normalize: {self.matrix} must hold counts, but the values of cell {faulty[0]:,} (counted "
                f"from 0) add up to {totals[faulty[0] - start]:g}; leave that cell out, or export without "
                "--normalize"
            )
        divisors: Floats = np.divide(narrow, np.array(self.target, self.dtype))
        divisors[divisors == 0] = 1
        return divisors

    def apply(self, values: npt.NDArray[np.generic], divisors: Floats | None, out: Floats) -> None:
        """Write the changed values into ``out``, which has the shape of ``values`` and lies in one piece.

        Parameters
        ----------
        divisors
            One for each value, or in a shape that broadcasts; None to leave them as they are.
        """
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):  # reported when encoded
            if divisors is None:
                out[...] = values
            else:
                np.divide(values.astype(self.dtype, copy=False), divisors, out=out)
        if self.log:
            self._log1p(out)

    def _log1p(self, values: Floats) -> None:
        try:
            with np.errstate(invalid="raise", divide="raise"):  # costs nothing; NaN and infinity pass
                if values.ndim > 1:
                    _log1p_of_dense(values.reshape(-1))
                else:  # stored values, of which few are zero
                    np.log1p(values, out=values)
        except FloatingPointError as error:
            raise BadInputError(
                f"--log1p: {self.matrix} must hold values above -1, such as counts, but some are lower; "
                "leave out --log1p, or name another matrix with --layer or --raw"
            ) from error

    def rows(self, block: RowBlock | DenseBlock, divisors: Floats | None) -> RowBlock | DenseBlock:
        """Change a block of rows.

        Parameters
        ----------
        divisors
            Of its rows, if they are known; otherwise its own values are added up.
        """
        if isinstance(block, DenseBlock):
            return self._dense(block, divisors)
        return self._sparse(block, divisors)

    def _sparse(self, block: RowBlock, divisors: Floats | None) -> RowBlock:
        indptr, indices, data = block.indptr, block.indices, block.data
        if self.log:
            indptr, indices, data = each_once(indptr, indices, data, block.n_genes)
        out = np.empty(len(data), self.dtype)
        for first, stop in pieces_of(indptr):
            span = slice(int(indptr[first]), int(indptr[stop]))
            of_values = None
            if self.target is not None:
                ends = indptr[first : stop + 1] - span.start
                of_rows = (
                    self.divisors(row_totals(data[span], ends), block.start + first)
                    if divisors is None
                    else divisors[first:stop]
                )
                of_values = np.repeat(of_rows, np.diff(ends))
            self.apply(data[span], of_values, out[span])
        return RowBlock(block.start, block.n_genes, indptr, indices, out)

    def _dense(self, block: DenseBlock, divisors: Floats | None) -> DenseBlock:
        n_rows, n_genes = block.data.shape
        out = np.empty((n_rows, n_genes), self.dtype)
        height = max(1, PIECE // max(1, n_genes))
        for first in range(0, n_rows, height):
            rows = block.data[first : first + height]
            of_rows = None
            if self.target is not None and divisors is None:
                of_rows = self.divisors(dense_totals(rows), block.start + first)[:, None]
            elif self.target is not None and divisors is not None:
                of_rows = divisors[first : first + height, None]
            self.apply(rows, of_rows, out[first : first + height])
        return DenseBlock(block.start, out)

    def genes(self, band: GeneBand, divisors: Floats | None) -> GeneBand:
        """Change complete genes; ``divisors`` of all cells, None if cells are not normalised."""
        rows, data, indptr = band.rows, band.data, band.indptr
        if self.log:
            indptr, rows, data = each_once(indptr, rows, data, band.n_cells)
        out = np.empty(len(data), self.dtype)
        for first in range(0, len(data), PIECE):
            span = slice(first, first + PIECE)
            of_values = None if divisors is None else divisors[rows[span]]
            self.apply(data[span], of_values, out[span])
        return GeneBand(band.start, band.n_cells, indptr, rows, out)


def _log1p_of_dense(values: Floats) -> None:
    """In place; values are zero mostly in a dense matrix, and remain so."""
    there = np.flatnonzero(values) if len(values) else values
    if len(there) * _SPARSE > len(values):
        np.log1p(values, out=values)
    else:
        values[there] = np.log1p(values[there])


def dense_totals(rows: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """Sums of dense rows, each of which depends on its own values only.

    They lie in one piece and are of one type, so that NumPy adds up every row in the same order.
    """
    totals: npt.NDArray[np.float64] = rows.astype(np.float64, order="C").sum(axis=1)
    return totals


def row_totals(values: npt.NDArray[np.generic], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Sums of rows, each of which depends on its own values only."""
    totals = np.zeros(len(ends) - 1)
    filled = np.flatnonzero(np.diff(ends))
    if len(filled):
        totals[filled] = np.add.reduceat(values.astype(np.float64), ends[filled])
    return totals
