"""The arrays of X: sparse and gene-major, or dense in tall strips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.anndata.layout.arrays import (
    PER_SHARD,
    SLICED,
    ArraySpec,
    strip_chunks,
    vector_chunks,
)

_LARGEST_INT32 = 2**31 - 1
_SHARD_VALUES = 1 << 22  # of the strips of one shard, each with all cells


@dataclass(frozen=True, slots=True)
class SparseArrays:
    """The three arrays of a CSC matrix."""

    data: ArraySpec
    indices: ArraySpec
    indptr: ArraySpec

    @property
    def all(self) -> tuple[ArraySpec, ...]:
        """All three in declaration order: the pointers first."""
        return (self.indptr, self.data, self.indices)


def sparse_attributes(shape: tuple[int, int]) -> dict[str, Any]:
    """Attributes of the group of a CSC matrix."""
    return {"encoding-type": "csc_matrix", "encoding-version": "0.1.0", "shape": list(shape)}


def sparse_arrays(path: str, shape: tuple[int, int], n_values: int, dtype: str) -> SparseArrays:
    """Lay out a CSC matrix: values are not shuffled, because shuffling makes them larger."""
    sliced = vector_chunks(n_values, SLICED)
    pointer = "int64" if n_values > _LARGEST_INT32 else "int32"
    index = "int64" if shape[0] > _LARGEST_INT32 else "int32"
    n_pointers = shape[1] + 1
    return SparseArrays(
        data=ArraySpec(f"{path}/data", (n_values,), sliced, dtype, shuffle=False),
        indices=ArraySpec(f"{path}/indices", (n_values,), sliced, index),
        indptr=ArraySpec(f"{path}/indptr", (n_pointers,), vector_chunks(n_pointers), pointer),
    )


def dense_array(path: str, shape: tuple[int, int], dtype: str, *, shard: bool = False) -> ArraySpec:
    """Lay out a dense matrix: tall strips of few genes; several side by side in a shard."""
    attributes = {"encoding-type": "array", "encoding-version": "0.2.0"}
    chunks = strip_chunks(shape)
    most = max(1, _SHARD_VALUES // max(1, shape[0] * chunks[1]))
    n_strips = -(-shape[1] // chunks[1])
    return ArraySpec(
        path,
        shape,
        chunks,
        dtype,
        shuffle=False,
        attributes=attributes,
        per_shard=max(1, min(most, PER_SHARD, n_strips)) if shard else 1,
        shard_axis=1,
    )
