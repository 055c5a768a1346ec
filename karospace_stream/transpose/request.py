"""The inputs of a plan for transposing the matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class TransposeRequest:
    """The inputs of the plan.

    Attributes
    ----------
    layout, gene_major
        Of the source.
    value_itemsize, index_itemsize
        Bytes of one stored value and index (index 0 if dense).
    cast
        Whether the values are of another type than float32.
    held_values
        Stored values of the largest chunk that is completely in memory while parts of it are
        read: of a Dask array, where chunks are computed; 0 if parts are read from a file.
    read_nbytes, chunk_values
        Bytes that reading takes besides the result; values that cannot be read separately: in
        the largest chunk of storage, or in the rows of a dense one.
    chunk_rows
        Rows of a dense chunk of storage; blocks end at a chunk border if possible.
    n_genes_source
        Width of the source.
    lines, values_before
        Positions where the source may be cut (rows; genes for CSC), from 0 to the end, rows at most
        ``MAX_BLOCK_ROWS`` apart, and the stored values before each; int64.
    source_genes
        Selected source columns, sorted, int64.
    n_cells_source, n_cells
        Cells of the source, and those exported.
    cells_selected, genes_selected
        Whether rows are left out; whether columns are left out or reordered.
    max_part_nbytes
        Bytes of the largest part of a gene before compression.
    workers
        Tasks at once.
    other_nbytes
        Most that one task of any stage that does not touch the matrix takes.
    memory_nbytes
        Bytes that all tasks together may take, in addition to the memory of the idle processes.
    shared_memory
        Whether the workers are threads of one process.
    exact
        Whether values are stored exactly, see `TransposePlan`; then ``source_genes`` are in exported order
        if genes are read from the source.
    borders
        As of `TransposePlan`; with them, ``source_genes`` are in exported order as well.
    value_dtype
        Of values on their way.
    write_nbytes
        Bytes under way from one task to its target.
    joining_itemsize
        Bytes of one stored value that reading takes besides its result.
    stored_scratch
        Whether fragments go to an object store, and not to a disk.
    """

    layout: str
    gene_major: bool
    value_itemsize: int
    index_itemsize: int
    cast: bool
    held_values: int
    read_nbytes: int
    chunk_values: int
    chunk_rows: int
    n_genes_source: int
    lines: npt.NDArray[np.int64]
    values_before: npt.NDArray[np.int64]
    source_genes: npt.NDArray[np.int64]
    n_cells_source: int
    n_cells: int
    cells_selected: bool
    genes_selected: bool
    max_part_nbytes: int
    workers: int
    other_nbytes: int
    memory_nbytes: int
    shared_memory: bool
    stored_scratch: bool = False
    write_nbytes: int = 0
    exact: bool = False
    value_dtype: str = "float32"
    joining_itemsize: int = 0
    borders: tuple[int, ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether genes come in exported order, however the source stores them."""
        return self.exact or bool(self.borders)

    @property
    def n_genes(self) -> int:
        """Exported genes."""
        return len(self.source_genes)

    @property
    def kept_itemsize(self) -> int:
        """Bytes of one value between scatter and gather."""
        return np.dtype(self.value_dtype).itemsize
