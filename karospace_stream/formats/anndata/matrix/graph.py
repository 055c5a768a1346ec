"""Stage of obsp: copy the neighbour graph unchanged, one block of rows at a time."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from karospace_stream.derive.symmetry import Balance
from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.matrix.sparse_rows import write_lines


def write_graph(job: AnnDataJob) -> Written:
    """Write the graph in float32, in canonical form: CSR, or CSC if stored so and not symmetric.

    Holds one block, and eight bytes per cell.

    Raises
    ------
    BadInputError
        If a weight is beyond float32.
    """
    assert job.plan.graph is not None
    balance, name = Balance(), job.plan.graph.name

    def look(first: int, block: sparse.csr_matrix) -> None:
        block.eliminate_zeros()
        _check_weights(name, block)
        _weigh(balance, first, block)

    return write_lines(job, job.plan.graph, "float32", look, lambda: balance.is_symmetric)


def _weigh(balance: Balance, first: int, block: sparse.csr_matrix) -> None:
    """Add off-diagonal entries to the sums that show whether the matrix is symmetric."""
    rows = np.repeat(np.arange(first, first + block.shape[0]), np.diff(block.indptr))
    apart = rows != block.indices
    balance.add(rows[apart], block.indices[apart], block.data[apart])


def _check_weights(path: str, block: sparse.csr_matrix) -> None:
    finite = block.data[np.isfinite(block.data)]
    if np.abs(finite).max(initial=0) > np.finfo(np.float32).max:
        raise BadInputError(
            f"{path}: weights must fit float32, but one is {np.abs(finite).max():g}; "
            "leave it out with --graph none, or name another with --graph KEY"
        )
