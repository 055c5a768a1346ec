"""Bytes that the transposition needs: upper bounds, not estimates.

A band is assumed to be full, although a gene is rarely seen in more than a few cells in a
hundred. So a run cannot exceed its plan.
"""

from __future__ import annotations

import numpy as np

from karospace_stream.transpose.edges.stored_ends import PAGES_NBYTES
from karospace_stream.transpose.kernels import MAX_BLOCK_ROWS, SLICE_VALUES
from karospace_stream.transpose.request import TransposeRequest
from karospace_stream.transpose.stripes import READ_NBYTES, WRITE_NBYTES

_OFFSET = 2  # uint16
_BLOSC = 0.2  # adds at most 16 bytes a frame
_PIECE_NBYTES = 1_500  # overhead of a piece: array headers, lists
READ_SLACK = 12 << 20  # besides the data read: a ranged read, small chunks, lists
_EXACT_VALUE = 4 + 1 + 8  # the same in float32, which are not zero, and how many before each
_POSITIONS = 24  # two int64 and two int32 for each value of a piece that is scattered


def fragment_value(request: TransposeRequest) -> int:
    """Bytes of one value of a fragment, with its offset."""
    return _OFFSET + request.kept_itemsize


def scratch_value(request: TransposeRequest) -> float:
    """Bytes of the same value in scratch, compressed by Blosc at worst."""
    return fragment_value(request) + _BLOSC


def gather_cost(request: TransposeRequest, row_cuts: tuple[int, ...]) -> tuple[int, int]:
    """Bytes for each gene of a band, and fixed bytes."""
    n_blocks = len(row_cuts) - 1
    tallest = min(int(np.diff(row_cuts).max(initial=0)), request.n_cells)
    merged = request.kept_itemsize + (4 if request.n_cells < 2**31 else 8)
    packed = scratch_value(request)
    # All pieces and the merged band; one piece packed, and the target indices of its values.
    pieces = int((packed + merged) * request.n_cells + (packed + _POSITIONS) * tallest)
    pieces += 32 * (n_blocks + 1)
    # One dense gene, and its largest part packed (twice: it grows while it is made).
    dense = request.kept_itemsize * request.n_cells + 2 * min(request.max_part_nbytes, 4 * request.n_cells)
    return pieces + 16, dense + _PIECE_NBYTES * n_blocks + READ_SLACK // 4 + request.write_nbytes


def scatter_cost(request: TransposeRequest) -> tuple[int, int]:
    """Bytes for each stored value of a block, and fixed bytes."""
    item, index = request.value_itemsize, request.index_itemsize
    table = 8 * (request.n_genes_source + 1) * 3 + held_nbytes(request)
    if request.layout == "dense":
        slices = max(SLICE_VALUES, MAX_BLOCK_ROWS, request.n_genes) * (item + 4 + 1 + 2 * 8)
        per_value = item + 2 * fragment_value(request) + 1 + _looked_at(request) + request.joining_itemsize
        return per_value, READ_SLACK + request.read_nbytes + table + slices
    turned = item + 4
    # The block stays: Dask holds it until its task has ended. Besides it, there are the selection from
    # it and its transpose; later the transpose, its offsets and its float32 values.
    picked = turned if (request.cells_selected or request.genes_selected) else 0
    cast = 2 + (request.kept_itemsize if request.cast else 0) + _looked_at(request)
    # Blocks of several inputs are put together before anything else is there.
    turned = max(turned + max(picked, cast), request.joining_itemsize)
    return item + index + turned + 1, READ_SLACK + request.read_nbytes + table


def _looked_at(request: TransposeRequest) -> int:
    """Bytes for each value of a fragment while zeros are removed: the result, and the values tested."""
    return _EXACT_VALUE + fragment_value(request) if request.exact else 0


def store_cost(request: TransposeRequest, row_cuts: tuple[int, ...]) -> tuple[int, int, int]:
    """Additional bytes for fragments on an object store.

    Bytes of a scatter task; bytes for each gene of a band, and fixed bytes of a gather task.
    """
    if not request.stored_scratch:
        return 0, 0, 0
    tallest = min(int(np.diff(row_cuts).max(initial=0)), request.n_cells)
    # The largest piece as received, and joined from several objects.
    return (
        WRITE_NBYTES,
        int(2 * scratch_value(request) * tallest),
        READ_NBYTES + PAGES_NBYTES * (len(row_cuts) - 1),
    )


def held_nbytes(request: TransposeRequest) -> int:
    """Bytes of a Dask chunk that is completely in memory while parts of it are read."""
    return request.held_values * (request.value_itemsize + request.index_itemsize)
