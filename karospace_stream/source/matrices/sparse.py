"""CSR and CSC matrices: three arrays, read by lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand, RowBlock
from karospace_stream.source.elements.arrays import StoredArray

_PIECE = 1 << 20  # values of indptr, or of indices that change their type, read at a time


@dataclass(frozen=True, slots=True)
class SparseReader:
    """A CSR or CSC matrix; a line is a row of the first, a column of the second."""

    info: MatrixInfo
    data: StoredArray
    indices: StoredArray
    indptr: StoredArray
    where: str

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each line; streams ``indptr`` and proves all of it sound.

        Parameters
        ----------
        lines
            int64, sorted, from 0 to the number of lines.

        Raises
        ------
        BadInputError
            If ``indptr`` falls, or does not run from 0 to the number of stored values.
        """
        counts = np.empty(len(lines), np.int64)
        before = 0
        for start in range(0, self._n_lines + 1, _PIECE):
            stop = min(start + _PIECE, self._n_lines + 1)
            piece = self._read_indptr(start, stop, before)
            before = int(piece[-1])
            first, last = np.searchsorted(lines, [start, stop])
            counts[first:last] = piece[lines[first:last] - start]
        if before != self.data.shape[0]:
            raise self._damaged(f"ends at {before}, but there are {self.data.shape[0]} values")
        return counts

    def read_rows(self, start: int, stop: int) -> RowBlock:
        """Read complete rows of a CSR matrix."""
        assert self.info.layout == "csr", "rows of a CSC matrix cannot be read"
        return RowBlock(start, self.info.shape[1], *self._read_lines(start, stop))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes of a CSC matrix."""
        assert self.info.layout == "csc", "genes of a CSR matrix cannot be read"
        return GeneBand(start, self.info.shape[0], *self._read_lines(start, stop))

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None

    @property
    def _n_lines(self) -> int:
        return self.info.shape[0 if self.info.layout == "csr" else 1]

    def _read_lines(
        self, start: int, stop: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]:
        indptr = self._read_indptr(start, stop + 1, 0)
        first, last = int(indptr[0]), int(indptr[-1])
        if last > self.data.shape[0]:
            raise self._damaged(f"is {last} at line {stop}, but there are {self.data.shape[0]} values")
        indices = self._read_indices(first, last)
        return indptr - first, indices, self.data.read(slice(first, last))

    def _read_indptr(self, start: int, stop: int, before: int) -> npt.NDArray[np.int64]:
        piece = self.indptr.read(slice(start, stop)).astype(np.int64)
        if start == 0 and piece[0] != 0:
            raise self._damaged(f"must begin at 0, but begins at {piece[0]}")
        if piece[0] < before or (np.diff(piece) < 0).any():
            raise self._damaged(f"must not decrease, but does between lines {start} and {stop - 1}")
        return piece

    def _read_indices(self, first: int, last: int) -> npt.NDArray[Any]:
        """int32 if the matrix is less than 2**31 wide, whatever type is stored."""
        width = self.info.shape[1 if self.info.layout == "csr" else 0]
        wanted = np.dtype(np.int32 if width <= np.iinfo(np.int32).max else np.int64)
        if self.indices.dtype == wanted:
            indices = self.indices.read(slice(first, last))
            self._check_indices(indices, width)
            return indices
        indices = np.empty(last - first, wanted)
        for start, stop in _pieces(first, last, self.indices):
            piece = self.indices.read(slice(start, stop))
            self._check_indices(piece, width)
            indices[start - first : stop - first] = piece
        return indices

    def _check_indices(self, indices: npt.NDArray[Any], width: int) -> None:
        if indices.size and not (indices.min() >= 0 and indices.max() < width):
            wrong = indices[(indices < 0) | (indices >= width)][0]
            raise BadInputError(
                f"{self.indices.key} in {self.where} holds the index {wrong}, but the matrix is "
                f"{width} wide; the file is damaged"
            )

    def _damaged(self, what: str) -> BadInputError:
        return BadInputError(f"{self.indptr.key} in {self.where} {what}; the file is damaged")


def _pieces(first: int, last: int, array: StoredArray) -> list[tuple[int, int]]:
    """Cut a range at chunk borders, so that no chunk is read twice."""
    chunks = array.storage().chunks
    step = _PIECE if chunks is None else max(1, _PIECE // chunks[0]) * chunks[0]
    cuts = [first, *range(first // step * step + step, last, step), last]
    return list(pairwise(cuts))
