"""One array of the store: its shape, its chunks, and their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # the preview server imports this module, and needs no numpy
    import numpy as np

#: Chunk length of arrays read by slices: ``data`` and ``indices`` of X, one gene's range at a time.
SLICED = 65_536
#: Elements per chunk of arrays that are read in full.
WHOLE = 262_144
#: Chunks per shard: 16 MB of X before compression, made by one task; its index takes one kilobyte.
PER_SHARD = 64

#: Type of values with several fields.
RECORD = "record"

ZarrFormat = Literal[2, 3]


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """One array. No data.

    Attributes
    ----------
    path
        From the root of the store, such as ``X/data``.
    shape, chunks
        Of the array, and of each of its chunks (the last ones are padded); both empty for a scalar.
    dtype
        NumPy's name, ``str`` for text, or ``record`` for values with several fields.
    shuffle
        Whether values wider than a byte are byte-shuffled before they are deflated.
    attributes
        As the documents hold them.
    per_shard, shard_axis
        Chunks along one axis that lie in one object, with an index at its end; 1 for no shards.
    fields
        Of a record: name and type of each.
    """

    path: str
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: str
    shuffle: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)
    per_shard: int = 1
    shard_axis: int = 0
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def value_dtype(self) -> np.dtype[Any]:
        """The type of its values, if these are not text."""
        import numpy as np

        return np.dtype([*self.fields]) if self.dtype == RECORD else np.dtype(self.dtype)

    @property
    def shard_shape(self) -> tuple[int, ...] | None:
        """Elements in one object that holds several chunks."""
        if self.per_shard == 1:
            return None
        sizes = list(self.chunks)
        sizes[self.shard_axis] *= self.per_shard
        return tuple(sizes)

    @property
    def n_chunks(self) -> tuple[int, ...]:
        """Number of chunks along each axis."""
        return tuple(-(-n // step) for n, step in zip(self.shape, self.chunks, strict=True))


def vector_chunks(n: int, most: int = WHOLE) -> tuple[int]:
    """Chunks of an array with one axis."""
    return (max(1, min(n, most)),)


def row_chunks(shape: tuple[int, int]) -> tuple[int, int]:
    """Chunks of complete rows, for an array that is read in full."""
    n_rows, width = shape[0], max(1, shape[1])
    return (max(1, min(n_rows, WHOLE // width)), width)


def strip_chunks(shape: tuple[int, int]) -> tuple[int, int]:
    """Tall strips of few columns, for a dense matrix that is read one gene at a time."""
    n_rows = max(1, min(shape[0], WHOLE))
    return (n_rows, max(1, min(shape[1], WHOLE // n_rows)))


def chunk_key(spec: ArraySpec, at: tuple[int, ...], zarr_format: ZarrFormat) -> str:
    """Key of a chunk: ``X/data/3`` (v2, ``obsm/X_umap/3.0``) or ``X/data/c/3`` (v3)."""
    if zarr_format == 3:
        return "/".join((spec.path, "c", *map(str, at)))
    return f"{spec.path}/{'.'.join(map(str, at)) or '0'}"
