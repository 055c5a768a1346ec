"""Cost of writing X, besides the genes themselves."""

from __future__ import annotations

from functools import partial

import numpy as np

from karospace_stream.encode.gzip import FASTEST_LEVELS
from karospace_stream.formats.anndata.layout.arrays import SLICED
from karospace_stream.formats.anndata.layout.matrix import dense_array, sparse_arrays
from karospace_stream.formats.cost import ValueCost
from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.model.size import Size

# Where no sample could be read: bytes of a value and its cell number, and the compressed share of a dense
# value. Measured, see docs/design/size.md.
_SPARSE, _DENSE = Size(0.8, 4.3), Size(0.03, 1.02)
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
    return ValueCost(partial(_sparse_size, level), seconds, 2 / (SLICED * shard))


def dense_cost(shape: tuple[int, int], level: int, shard: int) -> ValueCost:
    """Cost of writing one value of a dense X."""
    spec = dense_array("X", shape, "float32", shard=shard > 1)
    per_object = spec.chunks[0] * spec.chunks[1] * spec.per_shard
    return ValueCost(partial(_dense_size, level), 4 / _DENSE_NBYTES_A_SECOND, 1 / max(1, per_object))


def _sparse_size(level: int, values: ExportedValues) -> Size:
    if values.sample is not None:
        each = values.sample.packed_values(level, values.n_stored.low / values.n_genes)
        each += values.sample.packed_cell_number(level, values.n_cells)
    else:
        each = Size(_SPARSE.low, _SPARSE.high * _itemsize(values) / 4)
    return each * values.n_stored


def _dense_size(level: int, values: ExportedValues) -> Size:
    if values.sample is not None:
        each = values.sample.packed_side_by_side(level)
    else:
        each = _DENSE * _itemsize(values)
    return each * values.n_with_zeros


def _itemsize(values: ExportedValues) -> int:
    """Bytes of a value as written: float64 stays float64."""
    return max(4, np.dtype(values.info.dtype).itemsize)
