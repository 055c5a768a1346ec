"""Random matrices, and the dumb loops that say what they hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.transpose.kernels import Fragment

DTYPES = ("float32", "float64", "int64", "int32", "uint8", "int8", "bool", "uint16")
FLOATS = (0.0, -0.0, 1.0, -2.5, np.nan, np.inf, -np.inf, 1e-40, 1e300, -1e39)
INTS = (0, 1, 2, 127, 200, -3, 2**53 + 1, -(2**60))


@st.composite
def stored_matrices(draw: st.DrawFn) -> sparse.csr_matrix:
    """CSR as files hold it: unsorted, repeated, with explicit zeros and values that are no numbers."""
    n_rows, n_genes = draw(st.integers(0, 9)), draw(st.integers(1, 70))
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    counts = draw(st.lists(st.integers(0, 12), min_size=n_rows, max_size=n_rows))
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    indices = rng.integers(0, n_genes, indptr[-1]).astype(draw(st.sampled_from([np.int32, np.int64])))
    drawn = rng.choice(FLOATS if dtype.kind == "f" else INTS, indptr[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        data = drawn.astype(dtype)
    return sparse.csr_matrix((data, indices, indptr), shape=(n_rows, n_genes))


def dense_by_loop(matrix: sparse.csr_matrix | sparse.csc_matrix) -> npt.NDArray[np.generic]:
    """Every stored value added where it belongs, one after another, in the matrix's own type."""
    out = np.zeros(matrix.shape, matrix.dtype)
    for line, (begin, end) in enumerate(zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)):
        for index in range(begin, end):
            across = matrix.indices[index]
            at = (line, across) if matrix.format == "csr" else (across, line)
            with np.errstate(all="ignore"):
                out[at] = out[at] + matrix.data[index]
    return out


def as_float32(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def dense_of(fragment: Fragment, n_rows: int) -> npt.NDArray[np.float32]:
    """A fragment written out, after a look at whether it is one."""
    n_genes = len(fragment.indptr) - 1
    assert fragment.indptr.dtype == np.int64
    assert fragment.rows.dtype == np.uint16
    assert fragment.values.dtype == np.float32
    assert fragment.indptr[0] == 0
    assert fragment.indptr[-1] == len(fragment.rows) == len(fragment.values)
    out = np.zeros((n_rows, n_genes), np.float32)
    for gene in range(n_genes):
        part = slice(fragment.indptr[gene], fragment.indptr[gene + 1])
        rows = fragment.rows[part].astype(int)
        assert (np.diff(rows) > 0).all(), "cells are not ascending, or repeat"
        out[rows, gene] = fragment.values[part]
    return out
