"""Dask arrays, recognised by their interface: this room does not import Dask.

The thread that reads a part also computes it, so that a task never starts another
scheduler inside its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import MatrixInfo, MatrixLayout
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.source.elements.arrays import TEXT, Storage, array_dtype, to_native, to_text
from karospace_stream.source.matrices.readers import check_numbers
from karospace_stream.source.memory.dask_meta import empty_block


def is_lazy(values: Any) -> bool:
    """Whether this is a Dask array."""
    return hasattr(values, "__dask_graph__") and hasattr(values, "chunks")


@dataclass(frozen=True, slots=True, eq=False)
class LazyArray:
    """A Dask array of NumPy blocks; see `StoredArray`."""

    key: str
    values: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return tuple(int(length) for length in self.values.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values, native; `TEXT` for strings."""
        return array_dtype(np.dtype(self.values.dtype))

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Compute a rectangle."""
        part = np.asarray(_compute(self.values[bounds]))
        return to_text(part) if self.dtype == TEXT else to_native(part)

    def storage(self) -> Storage:
        """The blocks of the array."""
        return Storage(tuple(max(sizes, default=1) for sizes in self.values.chunks))


@dataclass(frozen=True, slots=True, eq=False)
class LazyReader:
    """A matrix that is a Dask array of CSR, CSC or NumPy blocks."""

    info: MatrixInfo
    values: Any

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stored values before each line. Where blocks are sparse, computes them all, one at a time."""
        if self.info.layout == "dense":
            return lines.astype(np.int64) * self.info.shape[1]
        axis = 0 if self.info.layout == "csr" else 1
        counts = np.zeros(self.info.shape[axis] + 1, np.int64)
        start = 0
        for length in self.values.chunks[axis]:
            read = self.read_rows if axis == 0 else self.read_genes
            block = read(start, start + length)
            assert not isinstance(block, DenseBlock)
            counts[start + 1 : start + length + 1] = np.diff(block.indptr)
            start += length
        return np.cumsum(counts)[lines]

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Compute complete rows."""
        part = _compute(self.values[start:stop])
        if self.info.layout == "dense":
            # A wrongly guessed meta (as by map_blocks) may promise NumPy and return SciPy.
            return DenseBlock(
                start, to_native(part.toarray() if hasattr(part, "toarray") else np.asarray(part))
            )
        from scipy.sparse import csr_array

        return RowBlock(start, self.info.shape[1], *_three_arrays(csr_array(part), self.info.shape[1]))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Compute complete genes."""
        from scipy.sparse import csc_array

        part = csc_array(_compute(self.values[:, start:stop]))
        return GeneBand(start, self.info.shape[0], *_three_arrays(part, self.info.shape[0]))

    def lazy(self) -> Any | None:
        """The user's Dask array."""
        return self.values


def _three_arrays(block: Any, width: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any]]:
    index = np.int32 if width <= np.iinfo(np.int32).max else np.int64
    return block.indptr.astype(np.int64), block.indices.astype(index, copy=False), to_native(block.data)


def lazy_reader(name: str, values: Any) -> LazyReader:
    """A reader of a Dask array.

    Blocks of complete columns count as gene-major; CSC blocks of some rows are converted to CSR.

    Raises
    ------
    BadInputError
        If shape or blocks are unknown or of no known kind.
    """
    shape = tuple(values.shape)
    if len(shape) != 2 or any(length != length for length in shape):
        raise BadInputError(
            f"{name} must have a known number of cells and genes, got a Dask array of shape {shape}"
        )
    check_numbers(name, values.dtype)
    rows, genes = values.chunks
    in_columns = len(rows) == 1 and len(genes) > 1
    layout, gene_major = _layout(name, empty_block(values), in_columns, len(rows) == 1)
    info = MatrixInfo(
        name,
        layout,
        (int(shape[0]), int(shape[1])),
        str(values.dtype),
        nnz=int(shape[0]) * int(shape[1]) if layout == "dense" else None,
        gene_major=gene_major,
        index_itemsize=0 if layout == "dense" else 4,
        # The fill of a block is unknown before it is computed: the most that it can hold.
        chunk_values=max(rows, default=1) * max(genes, default=1),
    )
    return LazyReader(info, values)


def _layout(name: str, meta: Any, in_columns: bool, whole_columns: bool) -> tuple[MatrixLayout, bool]:
    form = getattr(meta, "format", None)
    if form == "csc" and whole_columns:
        return "csc", True
    if form in ("csr", "csc"):
        return "csr", False
    if isinstance(meta, np.ndarray) and not isinstance(meta, np.ma.MaskedArray):
        return "dense", in_columns
    kind = type(meta).__name__
    raise BadInputError(f"{name} must be a Dask array of CSR, CSC or NumPy blocks, got blocks of {kind}")


def _compute(values: Any) -> Any:
    return values.compute(scheduler="synchronous")
