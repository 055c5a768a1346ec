"""Scatter stage: transpose row blocks of the matrix and cut them into gene bands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.job import MatrixJob
from karospace_stream.plan.row_blocks import plain_block, read_stored
from karospace_stream.transpose.exact import exact
from karospace_stream.transpose.kernels import turn, turn_dense
from karospace_stream.transpose.scratch import FragmentReceipt


def scatter_stored(job: MatrixJob, number: int) -> FragmentReceipt:
    """Read one block of rows of a stored matrix, and `scatter` it."""
    return scatter(read_stored(job.matrix, *job.transpose.row_cuts[number : number + 2]), number, job)


def scatter(block: Any, number: int, job: MatrixJob) -> FragmentReceipt:
    """Transpose one block of rows, cut it into gene bands and store them."""
    start, stop = job.transpose.row_cuts[number : number + 2]
    chosen = job.selection
    first_cell, keep = start, None
    if chosen.cells is not None:
        first_cell, end_cell = np.searchsorted(chosen.cells, (start, stop)).tolist()
        keep = chosen.cells[first_cell:end_cell] - start
    block = plain_block(block, job.matrix.info.name)
    kernel = turn_dense if isinstance(block, np.ndarray) else turn
    dtype = job.transpose.value_dtype
    fragment = kernel(block, first_cell=first_cell, keep=keep, genes=some_genes(job), dtype=dtype)
    if job.exact:
        fragment = exact(fragment, dense=job.matrix.info.layout == "dense")
    return job.scratch.write(number, fragment, job.transpose.gene_cuts)


def some_genes(job: MatrixJob) -> npt.NDArray[np.int64] | None:
    """Source columns in exported order; None for all of them in source order."""
    genes = job.selection.genes
    n_genes = job.matrix.info.shape[1]
    return None if len(genes) == n_genes and np.array_equal(genes, np.arange(n_genes)) else genes
