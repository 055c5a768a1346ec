"""Arrays and matrices of any origin passed by the caller: in memory, lazy, or in an open file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.arrays import TEXT, NumpyArray, StoredArray
from karospace_stream.source.elements.embeddings import EmbeddingEntry, array_entry, float_type, frame_entry
from karospace_stream.source.matrices.readers import dense_reader, sparse_reader
from karospace_stream.source.memory.backed import container_of, is_group, stored_array, stored_reader
from karospace_stream.source.memory.dask_meta import empty_block
from karospace_stream.source.memory.lazy import LazyArray, is_lazy, lazy_reader
from karospace_stream.source.memory.pandas_frame import pandas_frame
from karospace_stream.source.memory.xarray_frame import is_lazy_frame, xarray_frame
from karospace_stream.source.problems.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class SparseEntry:
    """A sparse matrix as an entry of obsm: rows become dense when they are read."""

    reader: MatrixReader

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.reader.info.shape[0]

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return EmbeddingInfo(key, self.reader.info.shape[1], self.reader.info.dtype)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol."""
        block = self.reader.read_rows(start, stop)
        if isinstance(block, DenseBlock):
            dense = block.data
        else:
            shape = (stop - start, block.n_genes)
            dense = sparse.csr_array((block.data, block.indices, block.indptr), shape=shape).toarray()
        return np.ascontiguousarray(dense[:, :n_columns], float_type(np.dtype(self.reader.info.dtype)))


def input_matrix(argument: str, name: str, values: Any) -> MatrixReader:
    """A reader of a matrix; SciPy formats other than CSR and CSC are turned to CSR, which copies them.

    Parameters
    ----------
    argument
        The user's name for it, for messages.
    name
        As in `MatrixInfo`.

    Raises
    ------
    BadInputError
        If it is no matrix of numbers.
    """
    with _said_of(argument):
        if is_lazy(values):
            return lazy_reader(name, values)
        if container_of(values) != "memory":
            return stored_reader(name, values)
        if sparse.issparse(values):
            return _scipy_reader(name, values)
        if not isinstance(values, np.ndarray):
            raise _no_array(values)
        plain = _plain(values)
        in_columns = plain.flags.f_contiguous and not plain.flags.c_contiguous
        return dense_reader(name, NumpyArray(name, plain), gene_major=in_columns)


def input_embedding(argument: str, values: Any) -> EmbeddingEntry:
    """An entry of obsm: an array of one or two axes, a data frame of numbers, or a sparse matrix.

    Raises
    ------
    BadInputError
        If it is none of them, or holds something other than numbers.
    """
    with _said_of(argument):
        if is_lazy(values):
            if any(length != length for length in values.shape):  # NaN is an unknown length
                raise BadInputError("its number of rows must be known; call its compute_chunk_sizes()")
            if hasattr(empty_block(values), "toarray"):
                return _sparse_entry(lazy_reader(argument, values))
            return _array_entry(LazyArray(argument, values))
        if is_group(values):
            return _sparse_entry(stored_reader(argument, values))
        if container_of(values) != "memory":
            return _array_entry(stored_array(values))
        if sparse.issparse(values):
            return _sparse_entry(_scipy_reader(argument, values.tocsr()))
        if isinstance(values, pd.DataFrame) or is_lazy_frame(values):
            return _frame_entry(values, argument)
        if not hasattr(values, "__array__") and not isinstance(values, list | tuple):
            raise _no_array(values)
        return _array_entry(NumpyArray(argument, _plain(values)))


def _array_entry(values: StoredArray) -> EmbeddingEntry:
    """The entry of an array. Text is accepted if all of it is numbers, since it is in memory."""
    if values.dtype == TEXT:
        raise BadInputError("it must hold numbers, got text; convert it with .astype(float)")
    return array_entry(values)


def _scipy_reader(name: str, values: Any) -> MatrixReader:
    matrix = values if values.format in ("csr", "csc") else values.tocsr()
    data, indices, indptr = (
        NumpyArray(f"{name}/{part}", getattr(matrix, part)) for part in ("data", "indices", "indptr")
    )
    return sparse_reader(name, matrix.format, matrix.shape, data, indices, indptr, "memory")


def _sparse_entry(reader: MatrixReader) -> SparseEntry:
    if reader.info.layout == "csc":
        raise BadInputError("it must be CSR or a dense array, got CSC; convert it with .tocsr()")
    return SparseEntry(reader)


def _frame_entry(values: Any, argument: str) -> EmbeddingEntry:
    odd: Unreadable = []
    lazy = is_lazy_frame(values)
    frame = xarray_frame(values, argument, odd) if lazy else pandas_frame(values, argument, odd)
    entry = frame_entry(frame)
    if odd or entry.is_text or len(entry.columns) < len(frame.columns):
        raise BadInputError(
            "every column of a data frame must hold numbers, but some do not; leave those out"
        )
    return entry


def _plain(values: Any) -> npt.NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        raise BadInputError("it must not be a masked array; fill it with .filled(numpy.nan)")
    return np.asarray(values)


def _no_array(values: Any) -> BadInputError:
    kind = f"{type(values).__module__}.{type(values).__qualname__}"
    return BadInputError(
        f"it must be a NumPy, SciPy or Dask array, or a member of a backed or lazy AnnData, got {kind}"
    )


@contextmanager
def _said_of(argument: str) -> Iterator[None]:
    try:
        yield
    except (BadInputError, ValueError, TypeError) as error:
        raise BadInputError(f"{argument}: {error}") from error
