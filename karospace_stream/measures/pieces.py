"""Cut a band of genes into pieces whose temporaries stay small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.matrix import GeneBand

#: Values that are taken at once. Sums over one gene are formed in runs of as many, counted from its start, so
#: that they do not depend on the band.
PIECE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Complete genes of a band without stored zeros; or one gene alone, if it is a long one.

    Attributes
    ----------
    first
        Position in the band of the first gene.
    indptr
        int64, ``(n_genes + 1,)``, from 0.
    rows, data
        ``(nnz,)``: cells and values, none of which is 0.
    """

    first: int
    indptr: npt.NDArray[np.int64]
    rows: npt.NDArray[np.signedinteger]
    data: npt.NDArray[Any]

    @property
    def n_genes(self) -> int:
        """Number of genes."""
        return len(self.indptr) - 1

    def parts(self) -> Iterator[Piece]:
        """The piece itself; parts of it if it is one long gene."""
        if self.n_genes != 1:
            yield self
            return
        for begin in range(0, len(self.data), PIECE):
            part = slice(begin, begin + PIECE)
            rows = self.rows[part]
            yield Piece(self.first, np.array([0, len(rows)]), rows, self.data[part])


def pieces(band: GeneBand, n_columns: int = 1) -> Iterator[Piece]:
    """The genes of a band, in order: as many at once as have `PIECE` values together, at least one.

    Parameters
    ----------
    n_columns
        Of the widest table that is made of a piece. It has at most `PIECE` numbers, or one gene.
    """
    n_genes, first, most = len(band.indptr) - 1, 0, max(1, PIECE // n_columns)
    while first < n_genes:
        stop = int(np.searchsorted(band.indptr, band.indptr[first] + PIECE, side="right")) - 1
        stop = min(max(stop, first + 1), first + most, n_genes)
        begin, end = band.indptr[first], band.indptr[stop]
        indptr = band.indptr[first : stop + 1] - begin
        yield _without_zeros(Piece(first, indptr, band.rows[begin:end], band.data[begin:end]))
        first = stop


def _without_zeros(piece: Piece) -> Piece:
    there = piece.data != 0
    if there.all():
        return piece
    before = np.concatenate([[0], np.cumsum(there)])
    return replace(piece, indptr=before[piece.indptr], rows=piece.rows[there], data=piece.data[there])
