"""What writing X takes, beside the genes themselves."""

from __future__ import annotations

import numpy as np

from karospace_stream.formats.anndata.matrix import dense_array, sparse_arrays

_PACKING = 4  # a chunk: filled, shuffled, packed, and on its way


def writing_nbytes(shape: tuple[int, int], dtype: str, shard: int, *, dense: bool) -> int:
    """Most that one task holds while it fills and packs chunks, bytes.

    Parameters
    ----------
    shape
        Exported cells and genes.
    shard
        Chunks in one object; they wait, packed, until it is full, and are joined.
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
