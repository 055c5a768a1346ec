"""Cost of writing X, besides the genes themselves."""

from __future__ import annotations

import numpy as np

from karospace_stream.encode.gzip import FASTEST_LEVELS
from karospace_stream.formats.anndata.layout.arrays import SLICED
from karospace_stream.formats.anndata.layout.matrix import dense_array, sparse_arrays
from karospace_stream.formats.cost import ValueCost

# Measured on normalised values, on two cores; counts are half as large.
_VALUE_NBYTES = 4.0  # of a value and its cell index, as written
_FAST_S, _SMALL_S = 5e-8, 2.5e-7  # to pack one
_PACKING = 4  # a chunk: filled, shuffled, packed, and in transit


def writing_nbytes(shape: tuple[int, int], dtype: str, shard: int, *, dense: bool) -> int:
    """Bytes that one task holds at most while it fills and packs chunks.

    Parameters
    ----------
    shape
        Exported cells and genes.
    shard
        Chunks in one object; they wait, packed, until it is full, and are then joined.
    """
    if dense:
        spec = dense_array("X", shape, dtype, shard=shard > 1)
        itemsize = np.dtype(dtype).itemsize
        strip = itemsize * shape[0] * spec.chunks[1]
        chunk = itemsize * spec.chunks[0] * spec.chunks[1]
        return strip + _PACKING * chunk + 2 * (spec.per_shard - 1) * strip
    most = shape[0] * shape[1]
    arrays = sparse_arrays("X", shape, most, dtype)
    chunk = sum(spec.chunks[0] * np.dtype(spec.dtype).itemsize for spec in (arrays.data, arrays.indices))
    return (_PACKING + 2 * (shard - 1)) * chunk + 3 * 8 * (shape[1] + 1)


def value_cost(level: int, shard: int) -> ValueCost:
    """Cost of writing one stored value of a sparse X."""
    seconds = _FAST_S if level <= FASTEST_LEVELS else _SMALL_S
    return ValueCost(_VALUE_NBYTES, seconds, 2 / (SLICED * shard))
