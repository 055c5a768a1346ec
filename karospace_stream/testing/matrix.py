"""The matrix of a synthetic AnnData: CSR, CSC or dense, from the same row blocks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.testing.elements import ARRAY, CHUNK_ROWS
from karospace_stream.testing.gene_major import GeneMajorSpool
from karospace_stream.testing.storage import Store

_INT32_MAX = np.iinfo(np.int32).max

Layout = Literal["csr", "csc", "dense"]


@dataclass(frozen=True, slots=True)
class CsrBlock:
    """Some cells: ``row_nnz`` int64 ``(n_rows,)``, ``genes`` int32 and ``values`` ``(nnz,)``."""

    start: int
    row_nnz: npt.NDArray[np.int64]
    genes: npt.NDArray[np.int32]
    values: npt.NDArray[Any]


class MatrixWriter(ABC):
    """Takes row blocks in order; the matrix is complete after ``close``."""

    @abstractmethod
    def append(self, block: CsrBlock) -> None:
        """Append some cells."""

    @abstractmethod
    def close(self) -> None:
        """Write the remaining values."""


def matrix_writer(
    store: Store,
    path: str,
    layout: Layout,
    shape: tuple[int, int],
    dtype: str,
    *,
    chunk_values: int,
    scratch: Path,
) -> MatrixWriter:
    """Start a matrix at ``path``; ``scratch`` is the folder for a temporary file (CSC only)."""
    if layout == "csc":
        return _CscWriter(store, path, shape, dtype, chunk_values, scratch)
    writer = _CsrWriter if layout == "csr" else _DenseWriter
    return writer(store, path, shape, dtype, chunk_values)


def graph_writer(
    store: Store, path: str, n_cells: int, most_values: int, *, chunk_values: int
) -> MatrixWriter:
    """Start a square float32 CSR matrix with index types as SciPy has them: both narrow, or both wide."""
    index = "int64" if max(most_values, n_cells) > _INT32_MAX else "int32"
    return _CsrWriter(store, path, (n_cells, n_cells), "float32", chunk_values, (index, index))


class _Compressed:
    """``data``, ``indices`` and ``indptr`` of a CSR or CSC matrix, all of them growing."""

    def __init__(
        self,
        store: Store,
        path: str,
        kind: str,
        shape: tuple[int, int],
        dtype: str,
        chunk_values: int,
        types: tuple[str, str] | None = None,
    ) -> None:
        store.group(
            path,
            {
                "encoding-type": f"{kind}_matrix",
                "encoding-version": "0.1.0",
                "shape": np.array(shape, dtype=np.int64),
            },
        )
        index, pointer = types or ("int64" if max(shape) > _INT32_MAX else "int32", "int64")
        self._data = store.growing(f"{path}/data", dtype, (chunk_values,), ARRAY)
        self._indices = store.growing(f"{path}/indices", index, (chunk_values,), ARRAY)
        self._indptr = store.growing(f"{path}/indptr", pointer, (CHUNK_ROWS,), ARRAY)
        self._indptr.append(np.zeros(1, pointer))
        self._pointer = pointer
        self._nnz = 0

    def append(
        self, line_nnz: npt.NDArray[np.int64], indices: npt.NDArray[np.integer], values: npt.NDArray[Any]
    ) -> None:
        self._data.append(values)
        self._indices.append(indices)
        self._indptr.append((self._nnz + np.cumsum(line_nnz)).astype(self._pointer))
        self._nnz += len(values)

    def close(self) -> None:
        for growing in (self._data, self._indices, self._indptr):
            growing.close()


class _CsrWriter(MatrixWriter):
    """A cell-major matrix, as in nearly all files."""

    def __init__(
        self,
        store: Store,
        path: str,
        shape: tuple[int, int],
        dtype: str,
        chunk_values: int,
        types: tuple[str, str] | None = None,
    ) -> None:
        self._matrix = _Compressed(store, path, "csr", shape, dtype, chunk_values, types)

    def append(self, block: CsrBlock) -> None:
        self._matrix.append(block.row_nnz, block.genes, block.values)

    def close(self) -> None:
        self._matrix.close()


class _CscWriter(MatrixWriter):
    """Gene-major; appended blocks wait in a temporary file beside the output."""

    def __init__(
        self,
        store: Store,
        path: str,
        shape: tuple[int, int],
        dtype: str,
        chunk_values: int,
        scratch: Path,
    ) -> None:
        self._matrix = _Compressed(store, path, "csc", shape, dtype, chunk_values)
        self._spool = GeneMajorSpool(shape[1], dtype, scratch)

    def append(self, block: CsrBlock) -> None:
        self._spool.append(block.start, block.row_nnz, block.genes, block.values)

    def close(self) -> None:
        for gene_nnz, rows, values in self._spool.bands():
            self._matrix.append(gene_nnz, rows, values)
        self._matrix.close()
        self._spool.close()


class _DenseWriter(MatrixWriter):
    """A dense matrix, in chunks of complete rows."""

    def __init__(
        self, store: Store, path: str, shape: tuple[int, int], dtype: str, chunk_values: int
    ) -> None:
        chunk = (max(1, chunk_values // shape[1]), shape[1])
        self._matrix = store.growing(path, dtype, chunk, ARRAY)
        self._n_genes = shape[1]
        self._dtype = dtype

    def append(self, block: CsrBlock) -> None:
        dense = np.zeros((len(block.row_nnz), self._n_genes), self._dtype)
        dense[np.repeat(np.arange(len(dense)), block.row_nnz), block.genes] = block.values
        self._matrix.append(dense)

    def close(self) -> None:
        self._matrix.close()
