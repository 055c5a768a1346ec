"""Stream sparse matrices with cells as rows, block by block in stored order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import sparse

from karospace_stream.formats.anndata.arrays.append import GrowingArray
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import sparse_group
from karospace_stream.formats.anndata.matrix.graph_plan import GraphRows
from karospace_stream.transpose.lines import read_lines

_LARGEST_INT32 = np.iinfo(np.int32).max
#: Processes a block, given the number of its first line; may drop values.
Look = Callable[[int, sparse.csr_matrix], None]


def write_sparse_entry(job: AnnDataJob, number: int) -> Written:
    """Write one sparse entry of obsm in its own type, each value once."""
    rows = job.plan.sparse[number]
    dtype = job.source.matrix(rows.name).info.dtype
    return write_lines(job, rows, dtype, lambda first, block: None, lambda: False)


def write_lines(
    job: AnnDataJob, rows: GraphRows, dtype: str, look: Look, is_symmetric: Callable[[], bool]
) -> Written:
    """Write a matrix as CSR, or as CSC if stored by columns. Holds one block, and eight bytes per line.

    Parameters
    ----------
    is_symmetric
        Called at the end: whether the matrix is symmetric, so that it may be labelled CSR.
    """
    info, n_cells = job.source.matrix(rows.name).info, job.selection.n_cells
    by_columns = info.layout == "csc"
    shape = (n_cells, n_cells if rows.group == "obsp" else info.shape[1])
    n_lines, n_across = shape[::-1] if by_columns else shape
    path, index = job.plan.keys.path(rows.group, rows.key), "int64" if n_across > _LARGEST_INT32 else "int32"
    lengths = np.zeros(n_lines + 1, np.int64)
    with job.batch() as batch:
        data = GrowingArray(batch.chunks, f"{path}/data", dtype)
        indices = GrowingArray(batch.chunks, f"{path}/indices", index)
        for first, block in _blocks(job, rows):
            look(first, block)
            lengths[first + 1 : first + 1 + block.shape[0]] = np.diff(block.indptr)
            data.add(block.data.astype(dtype))
            indices.add(block.indices.astype(index, copy=False))
        specs = (data.finish(), indices.finish())
        np.cumsum(lengths, out=lengths)
        pointer = np.dtype("int64" if lengths[-1] > _LARGEST_INT32 else "int32")
        spec = ArraySpec(f"{path}/indptr", lengths.shape, vector_chunks(len(lengths)), pointer.name)
        spec = batch.chunks.laid(spec)
        step = spec.chunks[0]
        pieces = (lengths[at : at + step].astype(pointer) for at in range(0, len(lengths), step))
        pointers = write_rows(batch.chunks, spec, pieces)
    kind = "csc_matrix" if by_columns and not is_symmetric() else "csr_matrix"
    group = sparse_group(path, kind, shape)
    return Written((group, spec, *specs), (*pointers, *data.receipts, *indices.receipts))


def _blocks(job: AnnDataJob, rows: GraphRows) -> Iterator[tuple[int, sparse.csr_matrix]]:
    reader, square = job.source.matrix(rows.name), rows.group == "obsp"
    dtype = "float64" if square else _wide(reader.info.dtype)
    return read_lines(reader, rows.cuts, job.selection.cells, square=square, dtype=dtype)


def _wide(dtype: str) -> str:
    """Convert to a type that SciPy has routines for."""
    return "float32" if dtype == "float16" else dtype
