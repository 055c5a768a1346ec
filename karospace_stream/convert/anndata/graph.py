"""Stage of obsp: the neighbour graph as it is, block of rows by block of rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.convert.anndata.growing import GrowingArray
from karospace_stream.convert.anndata.job import AnnDataJob
from karospace_stream.convert.anndata.rows import write_rows
from karospace_stream.convert.anndata.written import Written
from karospace_stream.convert.gathering import positions
from karospace_stream.derive.symmetry import Balance
from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.groups import sparse_group
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock

_LARGEST_INT32 = np.iinfo(np.int32).max


def write_graph(job: AnnDataJob) -> Written:
    """Write the graph in float32, canonical: CSR, but CSC where it lies so and is not symmetric.

    Holds one block, and eight bytes a cell.

    Raises
    ------
    BadInputError
        If a weight is beyond float32.
    """
    assert job.graph is not None
    source, n_cells = f"obsp/{job.graph.key}", job.selection.n_cells
    path, balance = job.keys.path("obsp", job.graph.key), Balance()
    index = "int64" if n_cells > _LARGEST_INT32 else "int32"
    lengths = np.zeros(n_cells + 1, np.int64)
    with job.batch() as batch:
        data = GrowingArray(batch.chunks, f"{path}/data", "float32")
        indices = GrowingArray(batch.chunks, f"{path}/indices", index)
        for first, block in _blocks(job, source):
            _check_weights(source, block)
            _weigh(balance, first, block)
            lengths[first + 1 : first + 1 + block.shape[0]] = np.diff(block.indptr)
            data.add(block.data.astype(np.float32))
            indices.add(block.indices.astype(index, copy=False))
        specs = (data.finish(), indices.finish())
        np.cumsum(lengths, out=lengths)
        pointer = np.dtype("int64" if lengths[-1] > _LARGEST_INT32 else "int32")
        n_pointers = n_cells + 1
        spec = ArraySpec(f"{path}/indptr", (n_pointers,), vector_chunks(n_pointers), pointer.name)
        spec = batch.chunks.laid(spec)
        step = spec.chunks[0]
        pieces = (lengths[at : at + step].astype(pointer) for at in range(0, n_pointers, step))
        pointers = write_rows(batch.chunks, spec, pieces)
    by_rows = balance.is_symmetric or job.source.matrix(source).info.layout != "csc"
    group = sparse_group(path, "csr_matrix" if by_rows else "csc_matrix", (n_cells, n_cells))
    return Written((group, spec, *specs), (*pointers, *data.receipts, *indices.receipts))


def _weigh(balance: Balance, first: int, block: sparse.csr_matrix) -> None:
    """Add the entries off the diagonal to those that show whether the whole is symmetric."""
    rows = np.repeat(np.arange(first, first + block.shape[0]), np.diff(block.indptr))
    apart = rows != block.indices
    balance.add(rows[apart], block.indices[apart], block.data[apart])


def _blocks(job: AnnDataJob, path: str) -> Iterator[tuple[int, sparse.csr_matrix]]:
    """Rows in float64, sorted, each entry once, with the number of the first one; of a CSC matrix columns."""
    assert job.graph is not None
    reader, cells = job.source.matrix(path), job.selection.cells
    n_source = reader.info.shape[0]
    position_of = positions(cells, n_source)
    read = reader.read_genes if reader.info.layout == "csc" else reader.read_rows
    first = 0
    for start, stop in zip(job.graph.cuts, job.graph.cuts[1:], strict=False):
        block = _as_csr(read(start, stop), n_source)
        if cells is not None:
            block = block[cells[np.searchsorted(cells, start) : np.searchsorted(cells, stop)] - start]
        if position_of is not None:
            block = _renumbered(block, position_of)
        with np.errstate(over="ignore", invalid="ignore"):
            block.sum_duplicates()
        yield first, block
        first += block.shape[0]


def _as_csr(block: RowBlock | DenseBlock | GeneBand, n_cells: int) -> sparse.csr_matrix:
    if isinstance(block, DenseBlock):
        return sparse.csr_matrix(block.data.astype(np.float64))
    indices = block.rows if isinstance(block, GeneBand) else block.indices
    arrays = (block.data.astype(np.float64), indices, block.indptr)
    return sparse.csr_matrix(arrays, shape=(len(block.indptr) - 1, n_cells))


def _renumbered(block: sparse.csr_matrix, position_of: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    """Columns by their exported numbers, without those that are left out."""
    columns = position_of[block.indices]
    kept = columns >= 0
    ends = np.concatenate([[0], np.cumsum(kept)])[block.indptr]
    n_cells = int(position_of.max(initial=-1)) + 1
    return sparse.csr_matrix((block.data[kept], columns[kept], ends), shape=(block.shape[0], n_cells))


def _check_weights(path: str, block: sparse.csr_matrix) -> None:
    block.eliminate_zeros()
    finite = block.data[np.isfinite(block.data)]
    if np.abs(finite).max(initial=0) > np.finfo(np.float32).max:
        raise BadInputError(
            f"{path}: weights within the range of float32 were wanted, and one is {np.abs(finite).max():g}; "
            "leave it out with --graph none, or name another with --graph KEY"
        )
