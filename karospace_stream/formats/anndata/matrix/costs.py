"""Cost of writing X, besides the genes themselves."""

from __future__ import annotations

from functools import partial

import numpy as np

from karospace_stream.encode.gzip import FASTEST_LEVELS
from karospace_stream.formats.anndata.layout.arrays import SLICED
from karospace_stream.formats.anndata.layout.matrix import dense_array, sparse_arrays
from karospace_stream.formats.cost import ValueCost
from karospace_stream.formats.genes.value_sample import ValueSample
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.size import Size

# Measured, see docs/design/size.md: bytes of a cell index as written; where no sample could be read, bytes of
# a value and its index, and the share that a dense value takes.
_INDEX = Size(0.35, 1.6)
_SPARSE, _DENSE = (0.8, 4.3), (0.03, 1.02)
_DENSE_NBYTES_A_SECOND = 6e8
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
    return ValueCost(partial(_sparse_value, level), seconds, 2 / (SLICED * shard))


def dense_cost(shape: tuple[int, int], level: int, shard: int) -> ValueCost:
    """Cost of writing one value of a dense X."""
    spec = dense_array("X", shape, "float32", shard=shard > 1)
    per_object = spec.chunks[0] * spec.chunks[1] * spec.per_shard
    return ValueCost(partial(_dense_value, level), 4 / _DENSE_NBYTES_A_SECOND, 1 / max(1, per_object))


def _sparse_value(level: int, info: MatrixInfo, sample: ValueSample | None) -> Size:
    if sample is not None:
        return sample.packed_value(level, zeros=False) + _INDEX
    scale = max(4, np.dtype(info.dtype).itemsize) / 4  # float64 stays what it is
    return Size(_SPARSE[0], _SPARSE[1] * scale)


def _dense_value(level: int, info: MatrixInfo, sample: ValueSample | None) -> Size:
    if sample is not None:
        return sample.packed_value(level, zeros=True)
    return Size(*_DENSE) * max(4, np.dtype(info.dtype).itemsize)
