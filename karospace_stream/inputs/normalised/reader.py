"""A matrix whose values are normalised as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.inputs.normalised.change import Change, Floats
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.model.source import MatrixReader


class Divisors(Protocol):
    """The numbers by which the values of each cell are divided. Picklable."""

    def read(self, start: int, stop: int) -> Floats:
        """Those of some cells."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class NormalisedReader:
    """A matrix with changed values; see `MatrixReader`.

    Attributes
    ----------
    stored
        The matrix as it lies in the file.
    divisors
        None if each block of rows shows them itself, or if cells are not normalised.
    """

    info: MatrixInfo
    stored: MatrixReader
    change: Change
    divisors: Divisors | None = None

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each line; see the protocol."""
        return self.stored.count_before(lines)

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Read complete rows."""
        return self.change.rows(self.stored.read_rows(start, stop), self._divisors(start, stop))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes."""
        return self.change.genes(self.stored.read_genes(start, stop), self._divisors(0, self.info.shape[0]))

    def lazy(self) -> Any | None:
        """The user's Dask array with a further step, if the matrix is one."""
        values = self.stored.lazy()
        if values is None:
            return None
        if self.change.target is not None and self.divisors is None:
            values = values.rechunk({1: -1})  # a block must hold all of a cell
        info, form = self.info, sparse.csc_matrix if self.info.layout == "csc" else sparse.csr_matrix
        meta = np.empty((0, 0), info.dtype) if info.layout == "dense" else form((0, 0), dtype=info.dtype)
        return values.map_blocks(
            _changed, change=self.change, divisors=self.divisors, dtype=info.dtype, meta=meta
        )

    def _divisors(self, start: int, stop: int) -> Floats | None:
        return None if self.divisors is None else self.divisors.read(start, stop)


def _changed(block: Any, change: Change, divisors: Divisors | None, block_info: Any = None) -> Any:
    """One block of a Dask array; one of another kind is refused by whoever computes it."""
    (start, stop), _ = block_info[0]["array-location"]
    known = None if divisors is None else divisors.read(start, stop)
    if isinstance(block, np.ndarray):
        return change.rows(DenseBlock(start, np.asarray(block)), known).data
    if not sparse.issparse(block):
        return block
    rows = block.tocsr()
    stored = RowBlock(start, rows.shape[1], rows.indptr.astype(np.int64), rows.indices, rows.data)
    found = change.rows(stored, known)
    assert isinstance(found, RowBlock)
    changed = sparse.csr_matrix((found.data, found.indices, found.indptr), shape=rows.shape)
    return changed.asformat(block.format)
