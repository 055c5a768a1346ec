"""Lines of a sparse matrix with each entry once: the logarithm of a sum is not that of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Indices = npt.NDArray[np.integer]
#: Offsets, indices and values of some lines.
Lines = tuple[npt.NDArray[np.int64], Any, npt.NDArray[Any]]

#: Values at a time, so that temporaries stay in the processor's cache.
PIECE = 1 << 18


def each_once(indptr: npt.NDArray[np.int64], indices: Any, data: npt.NDArray[Any], width: int) -> Lines:
    """Add up repeated entries, in the type of the values, as SciPy and anndata do.

    Almost no file has any, so the same arrays come back. Entries may be in any order.
    """
    if _all_ascend(indptr, indices):
        return indptr, indices, data
    if data.dtype == np.float16:  # SciPy has no routines for it
        data = data.astype(np.float32)
    pieces = list(pieces_of(indptr))
    if not any(_turned(indptr, indices, data, width, *piece)[1] for piece in pieces):
        return indptr, indices, data
    lengths, new_indices, new_data, at = (
        [np.zeros(1, np.int64)],
        np.empty_like(indices),
        np.empty_like(data),
        0,
    )
    for piece in pieces:
        turned, repeats = _turned(indptr, indices, data, width, *piece)
        if repeats:
            turned.sum_duplicates()
        lines = turned.tocsr()
        end = at + lines.nnz
        new_indices[at:end], new_data[at:end] = lines.indices, lines.data
        lengths.append(np.diff(lines.indptr).astype(np.int64))
        at = end
    return np.cumsum(np.concatenate(lengths)), new_indices[:at], new_data[:at]


def pieces_of(indptr: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of whole lines of about `PIECE` values; longer only if a line is."""
    ends = np.searchsorted(indptr, np.arange(PIECE, int(indptr[-1]), PIECE), side="right") - 1
    return pairwise(np.unique([0, *ends.tolist(), len(indptr) - 1]).tolist())


def _all_ascend(indptr: npt.NDArray[np.int64], indices: Any) -> bool:
    for first, stop in pieces_of(indptr):
        part = indices[int(indptr[first]) : int(indptr[stop])]
        ascends = part[1:] > part[:-1]
        starts = indptr[first + 1 : stop] - indptr[first] - 1  # of the pair across the end of a line
        ascends[starts[(starts >= 0) & (starts < len(ascends))]] = True
        if not ascends.all():
            return False
    return True


def _turned(
    indptr: npt.NDArray[np.int64], indices: Any, data: npt.NDArray[Any], width: int, first: int, stop: int
) -> tuple[sparse.csc_matrix, bool]:
    """Some lines across their own direction, and whether an entry repeats: that takes no sorting."""
    span = slice(int(indptr[first]), int(indptr[stop]))
    arrays = (data[span], indices[span], indptr[first : stop + 1] - span.start)
    turned = sparse.csr_matrix(arrays, shape=(stop - first, width), copy=False).tocsc()
    turned.has_sorted_indices = True  # lines are visited in order
    return turned, not turned.has_canonical_format
