"""Summaries of genes, and sums that do not depend on how the rows were cut."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

_SUMMED = 1 << 18
Values = TypeVar("Values", npt.NDArray[np.float32], npt.NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class GeneSummary:
    """One gene as exported.

    Attributes
    ----------
    minimum, maximum, mean
        Over all exported cells, after cleaning.
    n_expressing
        Cells whose value is not 0.
    n_missing, n_clipped
        NaN that became 0, and infinities that were clipped.
    """

    minimum: float
    maximum: float
    mean: float
    n_expressing: int
    n_missing: int = 0
    n_clipped: int = 0


def clean(values: Values, n_cells: int) -> tuple[Values, int, int]:
    """Make one gene's stored values finite: NaN to 0, infinities to the gene's finite range.

    Parameters
    ----------
    values
        Stored values; the cells that have none are 0, which then is in the gene's range too.

    Returns
    -------
    The values (a copy if something had to change), and how many NaN and infinities there were.
    """
    missing, infinite = np.isnan(values), np.isinf(values)
    finite = values[~(missing | infinite)]
    if len(values) < n_cells or not len(finite):
        finite = np.append(finite, values.dtype.type(0))
    cleaned = np.clip(np.where(missing, values.dtype.type(0), values), finite.min(), finite.max())
    cleaned[missing] = 0
    return cleaned, int(missing.sum()), int(infinite.sum())


def clean_band(
    values: Values, indptr: npt.NDArray[np.int64], n_cells: int
) -> tuple[Values, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """`clean` for several genes, whose values are stored one after another.

    Parameters
    ----------
    indptr
        ``(n_genes + 1,)``: where each gene begins.

    Returns
    -------
    The values (a copy if something had to change), NaN of each gene, infinities of each gene.
    """
    n_missing, n_clipped = np.zeros((2, len(indptr) - 1), dtype=np.int64)
    cleaned = values
    for first, stop in _groups(indptr):
        begin = indptr[first]
        faulty = begin + np.flatnonzero(~np.isfinite(values[begin : indptr[stop]]))
        if len(faulty) and cleaned is values:
            cleaned = values.copy()
        for gene in np.unique(np.searchsorted(indptr, faulty, side="right") - 1).tolist():
            own = slice(indptr[gene], indptr[gene + 1])
            cleaned[own], n_missing[gene], n_clipped[gene] = clean(values[own], n_cells)
    return cleaned, n_missing, n_clipped


def summarise_band(
    values: npt.NDArray[np.float32],
    indptr: npt.NDArray[np.int64],
    n_cells: int,
    n_missing: npt.NDArray[np.int64],
    n_clipped: npt.NDArray[np.int64],
) -> list[GeneSummary]:
    """Summarise the result of `clean_band`, from the stored values alone; all other cells are 0.

    Each gene's sum is made from its own values in cell order alone, so that it is the same
    whatever other genes are in the band.
    """
    lengths = np.diff(indptr)
    low, high, total = np.zeros((3, len(lengths)), dtype=np.float64)
    n_expressing = np.zeros(len(lengths), dtype=np.int64)
    for first, stop in _groups(indptr):
        filled = first + np.flatnonzero(lengths[first:stop])
        if len(filled):
            part = values[indptr[first] : indptr[stop]]
            starts = indptr[filled] - indptr[first]
            low[filled] = np.minimum.reduceat(part, starts)
            high[filled] = np.maximum.reduceat(part, starts)
            total[filled] = np.add.reduceat(part.astype(np.float64), starts)
            n_expressing[filled] = np.add.reduceat(part != 0, starts, dtype=np.int64)
    some_zero = lengths < n_cells
    low[some_zero] = np.minimum(low[some_zero], 0)
    high[some_zero] = np.maximum(high[some_zero], 0)
    columns = (low, high, total / max(1, n_cells), n_expressing, n_missing, n_clipped)
    return [GeneSummary(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _groups(indptr: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of genes that hold few values together, so that temporaries stay small."""
    cuts, last = [0], len(indptr) - 1
    while cuts[-1] < last:
        stop = int(np.searchsorted(indptr, indptr[cuts[-1]] + _SUMMED, side="right")) - 1
        cuts.append(min(max(stop, cuts[-1] + 1), last))
    return list(pairwise(cuts))


def add_row_sums(
    sums: npt.NDArray[np.float64],
    genes: npt.NDArray[np.integer],
    values: npt.NDArray[np.generic],
    faulty: npt.NDArray[np.float64] | None = None,
) -> None:
    """Add stored values to the sum of their gene, one after another, in place.

    Row after row and in that order only, so that the sums are the same however the rows were
    cut into blocks. NaN and infinities count as 0, and are counted in ``faulty``; float64.
    """
    for start in range(0, len(values), _SUMMED):  # so that temporaries stay small
        part = slice(start, start + _SUMMED)
        exact = values[part].astype(np.float64)
        odd = ~np.isfinite(exact)
        if faulty is not None and odd.any():
            np.add.at(faulty, genes[part][odd], 1)
        exact[odd] = 0
        np.add.at(sums, genes[part], exact)
