"""Compress the chunks of a store and write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.zarr.chunks import ZLIB_LEVEL, chunk_bytes
from karospace_stream.encode.zarr.shards import shard_bytes
from karospace_stream.formats.anndata.arrays.surrogates import half_character
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, ZarrFormat, chunk_key
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.targets import Sink

_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ChunkWriter:
    """Packs chunks in one Zarr format and writes them to a target.

    Attributes
    ----------
    shard
        Most chunks along the first axis in one object; 1 for one object per chunk (the only way in v2).
    """

    target: Sink
    zarr_format: ZarrFormat = 2
    level: int = ZLIB_LEVEL
    shard: int = 1

    @contextmanager
    def batch(self) -> Iterator[ChunkWriter]:
        """A copy that writes several objects at a time; all are written when the context ends."""
        with self.target.batch() as target:
            yield replace(self, target=target)

    def laid(self, spec: ArraySpec) -> ArraySpec:
        """The array as its documents describe it, in shards if it has several chunks."""
        return replace(spec, per_shard=self._per_shard(spec))

    def pack(self, spec: ArraySpec, values: npt.NDArray[np.generic]) -> bytes | None:
        """Pack one chunk as stored; None if it is all zeros.

        Raises
        ------
        BadInputError
            If a string is not valid Unicode.
        """
        try:
            return chunk_bytes(
                values, spec.chunks, zarr_format=self.zarr_format, level=self.level, shuffle=spec.shuffle
            )
        except UnicodeEncodeError as error:
            raise half_character(spec.path, error) from error

    def put(self, spec: ArraySpec, at: tuple[int, ...], values: npt.NDArray[np.generic]) -> list[Receipt]:
        """Write one chunk; no receipt if there was nothing to write."""
        return self.put_packed(spec, at, self.pack(spec, values))

    def put_packed(self, spec: ArraySpec, at: tuple[int, ...], packed: bytes | None) -> list[Receipt]:
        """Write one packed object: a chunk or a shard."""
        if packed is None:
            return []
        key = f"{self.target.prefix}{chunk_key(spec, at, self.zarr_format)}"
        return [self.target.put(Blob(key, packed, _BINARY))]

    def put_group(self, spec: ArraySpec, number: int, packed: list[bytes | None]) -> list[Receipt]:
        """Write the chunks of one object, which are complete rows; for a shard, all of its chunks."""
        return self.put_shard(self.laid(spec), (number, *(0 for _ in spec.shape[1:])), packed)

    def put_shard(self, spec: ArraySpec, at: tuple[int, ...], packed: list[bytes | None]) -> list[Receipt]:
        """Write one object of an array as laid out: a chunk, or all chunks of a shard."""
        data = packed[0] if spec.per_shard == 1 else shard_bytes(packed, spec.per_shard)
        return self.put_packed(spec, at, data)

    def _per_shard(self, spec: ArraySpec) -> int:
        return max(1, min(self.shard, spec.n_chunks[0]))
