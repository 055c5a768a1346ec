"""What stands in for rows that are not sorted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.striped.stripes import Stripes
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import GeneBand, RowBlock


@dataclass(frozen=True, slots=True)
class RowsToCome:
    """Stands in for a matrix whose rows are not there yet: their number of values is an estimate."""

    info: MatrixInfo
    most_values: int

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """As if all rows had the same number of values."""
        return (lines * (self.most_values / max(1, self.info.shape[0]))).astype(np.int64)

    def read_rows(self, start: int, stop: int) -> RowBlock:
        """There is nothing to read."""
        raise BadInputError(f"the rows of {self.info.name} are not sorted yet")

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """There is nothing to read."""
        raise BadInputError(f"the rows of {self.info.name} are not sorted yet")

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None


def rows_to_come(
    name: str,
    shape: tuple[int, int],
    dtype: str,
    most_values: int,
    stored_nbytes: int | None = None,
    *,
    exactly: bool = True,
) -> RowsToCome:
    """Stand in for the rows of a matrix of so many stored values, or fewer if not ``exactly``."""
    stripes = Stripes.of(shape, dtype, most_values)
    info = MatrixInfo(
        name,
        "csr",
        shape,
        dtype,
        nnz=most_values if exactly else None,
        gene_major=False,
        index_itemsize=np.dtype(stripes.index_dtype).itemsize,
        stored_nbytes=stored_nbytes,
        chunk_values=max(1, min(most_values, 1 << 20)),
    )
    return RowsToCome(info, most_values)
