"""Row blocks of a source, as the Dask array holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.model.source import MatrixReader
from karospace_stream.transpose.kernels import SLICE_VALUES, as_csr, nonzero_rows


def read_block(reader: MatrixReader, start: int, stop: int) -> sparse.csr_matrix | npt.NDArray[np.generic]:
    """Read rows of the source as a block of the Dask array."""
    block = reader.read_rows(start, stop)
    return block.data if isinstance(block, DenseBlock) else as_csr(block)


def read_stored(reader: MatrixReader, start: int, stop: int) -> sparse.csr_matrix | npt.NDArray[np.generic]:
    """Read rows of the source for transposing; from a mostly zero dense matrix, only the nonzero values.

    A dense block is read a few rows at a time and its zeros are dropped while these are in the
    processor's cache, so that the complete block never goes through main memory.
    """
    info = reader.info
    if info.layout != "dense":
        return read_block(reader, start, stop)
    whole_chunks = max(1, SLICE_VALUES // max(1, info.shape[1]) // info.chunk_rows)
    height = whole_chunks * info.chunk_rows
    slices = (
        np.asarray(read_block(reader, first, min(first + height, stop)))
        for first in range(start, stop, height)
    )
    rows = nonzero_rows(slices, info.shape[1])
    return read_block(reader, start, stop) if rows is None else rows


def plain_block(block: Any, name: str) -> sparse.csr_matrix | npt.NDArray[np.generic]:
    """Convert a block to a type that the kernels accept; a user's Dask array may hold other types.

    Raises
    ------
    BadInputError
        If it is neither a NumPy array nor a SciPy matrix.
    """
    if sparse.issparse(block):
        return block.tocsr()
    if isinstance(block, np.ndarray):
        return np.asarray(block)
    raise BadInputError(
        f"{name}: blocks of the Dask array must be numpy arrays or scipy.sparse matrices, got "
        f"{type(block).__module__}.{type(block).__qualname__}; convert them with map_blocks"
    )
