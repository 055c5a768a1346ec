"""A Zarr array whose chunks may inflate to the size that its shape allows, and no further."""

from __future__ import annotations

import asyncio
import copy
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import zarr
from zarr.abc.codec import ArrayBytesCodec, BytesBytesCodec

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.decode import most_packed
from karospace_stream.source.files.inflate import inflate
from karospace_stream.source.problems.limits import most_text

_CODE = frozenset({"pickle"})  # numcodecs executes their content


def bounded(array: Any, store_path: Callable[[int], Any]) -> Any:
    """Return the array with codecs that stop at their limit.

    Parameters
    ----------
    store_path
        Returns the array's location, in a store that returns objects of at most so many bytes.

    Raises
    ------
    BadInputError
        If reading it would run code.
    """
    metadata = copy.copy(array.metadata)
    n_values = math.prod(array.shards or array.chunks)
    itemsize = _itemsize(array.metadata.dtype)
    most = most_text(n_values) if itemsize is None else n_values * itemsize
    if metadata.zarr_format == 2:
        filters = metadata.filters or ()
        # Filters may have made it smaller, by the type that they store.
        limit = most if itemsize is None or not filters else 8 * most
        packed = metadata.compressor
        _set(metadata, "compressor", packed and _Bounded(packed, most_packed(limit)))
        _set(metadata, "filters", tuple(_bounded_filter(each, limit, n_values) for each in filters) or None)
    else:
        _set(metadata, "codecs", _bounded_codecs(metadata.codecs))
    n_chunks = n_values // max(1, math.prod(array.chunks))
    path = store_path(most_packed(most) + 4096 * n_chunks)
    return zarr.Array(zarr.AsyncArray(metadata=metadata, store_path=path, config=array.config))


def _set(metadata: Any, name: str, value: Any) -> None:
    object.__setattr__(metadata, name, value)  # a copy of our own, which is frozen


def _itemsize(dtype: Any) -> int | None:
    """Bytes of a value; None for texts, which have any length."""
    size = getattr(dtype, "item_size", None)
    return None if size is None or dtype.to_native_dtype().kind == "O" else int(size)


class _Bounded:
    """A compression of numcodecs that stops; as much of it as reading needs."""

    def __init__(self, inner: Any, most: int) -> None:
        if inner.codec_id in _CODE:
            raise BadInputError(
                f"its values are stored with {inner.codec_id}, which would run code when read"
            )
        self._inner, self._most, self.codec_id = inner, most, inner.codec_id

    def decode(self, data: Any, out: Any = None) -> Any:
        """Decompress a chunk, up to the limit."""
        raw = np.frombuffer(data, np.uint8) if not isinstance(data, np.ndarray) else data
        return inflate(self.codec_id, raw.reshape(-1).view(np.uint8), self._most, self._inner.decode)


class _CountedTexts:
    """A filter of numcodecs for strings, which allocates memory for as many as the data declare."""

    def __init__(self, inner: Any, n_values: int) -> None:
        self._inner, self._n_values, self.codec_id = inner, n_values, inner.codec_id

    def decode(self, data: Any, out: Any = None) -> Any:
        """Decompress a chunk, up to the limit."""
        _check_count(np.frombuffer(data, np.uint8), self._n_values)
        return self._inner.decode(data)


def _check_count(raw: Any, n_values: int) -> None:
    found = int.from_bytes(bytes(raw[:4]), "little")
    if found != n_values:
        raise BadInputError(f"a chunk must have {n_values:,} texts, got {found:,}")


def _bounded_filter(codec: Any, most: int, n_values: int) -> Any:
    if codec.codec_id.startswith("vlen-"):
        return _CountedTexts(codec, n_values)
    if codec.codec_id in {*_CODE, "zlib", "gzip", "blosc", "zstd", "lz4", "bz2", "lzma"}:
        return _Bounded(codec, most_packed(most))
    return codec


def _bounded_codecs(codecs: Any) -> tuple[Any, ...]:
    return tuple(map(_bounded_codec, codecs))


def _bounded_codec(codec: Any) -> Any:
    if isinstance(codec, zarr.codecs.ShardingCodec):
        inner, index = _bounded_codecs(codec.codecs), _bounded_codecs(codec.index_codecs)
        return replace(codec, codecs=inner, index_codecs=index)
    if isinstance(codec, BytesBytesCodec):
        return _BoundedBytes(codec)
    if isinstance(codec, (zarr.codecs.VLenUTF8Codec, zarr.codecs.VLenBytesCodec)):
        return _CountedValues(codec)
    return codec


@dataclass(frozen=True)
class _BoundedBytes(BytesBytesCodec):  # type: ignore[misc] # zarr is not type-checked
    """A compression of version 3 that stops."""

    inner: Any

    @property
    def is_fixed_size(self) -> bool:
        """Whether the wrapped codec has a fixed size."""
        return bool(self.inner.is_fixed_size)

    def evolve_from_array_spec(self, array_spec: Any) -> _BoundedBytes:
        """Return the codec, adapted to an array."""
        return replace(self, inner=self.inner.evolve_from_array_spec(array_spec))

    def compute_encoded_size(self, nbytes: int, spec: Any) -> int:
        """The encoded size of the wrapped codec."""
        return int(self.inner.compute_encoded_size(nbytes, spec))

    async def decode(self, chunks_and_specs: Iterable[tuple[Any, Any]]) -> Iterable[Any]:
        """Decompress chunks, up to the limit; None for a missing chunk stays None."""
        kind = _kind(self.inner)
        if kind is None:  # a checksum, or a kind that we do not know
            return await self.inner.decode(chunks_and_specs)  # type: ignore[no-any-return]
        undone = (asyncio.to_thread(self._undo, kind, data, spec) for data, spec in chunks_and_specs)
        return await asyncio.gather(*undone)

    def _undo(self, kind: str, data: Any, spec: Any) -> Any:
        if data is None:
            return None
        n_values, itemsize = math.prod(spec.shape), _itemsize(spec.dtype)
        most = most_text(n_values) if itemsize is None else n_values * itemsize
        # Packing twice, or a checksum, makes the data hardly larger.
        return spec.prototype.buffer.from_bytes(inflate(kind, data.as_numpy_array(), most_packed(most)))


@dataclass(frozen=True)
class _CountedValues(ArrayBytesCodec):  # type: ignore[misc]
    """Strings of version 3, which allocate memory for as many as a chunk declares."""

    inner: Any

    def evolve_from_array_spec(self, array_spec: Any) -> _CountedValues:
        """Return the codec, adapted to an array."""
        return replace(self, inner=self.inner.evolve_from_array_spec(array_spec))

    def compute_encoded_size(self, nbytes: int, spec: Any) -> int:
        """The encoded size of the wrapped codec."""
        return int(self.inner.compute_encoded_size(nbytes, spec))

    async def decode(self, chunks_and_specs: Iterable[tuple[Any, Any]]) -> Iterable[Any]:
        """Decode chunks that claim as many texts as they should have."""
        chunks = list(chunks_and_specs)
        for data, spec in chunks:
            if data is not None:
                _check_count(data.as_numpy_array(), math.prod(spec.shape))
        return await self.inner.decode(chunks)  # type: ignore[no-any-return]


def _kind(codec: Any) -> str | None:
    known = {
        zarr.codecs.GzipCodec: "gzip",
        zarr.codecs.ZstdCodec: "zstd",
        zarr.codecs.BloscCodec: "blosc",
    }
    config = getattr(codec, "codec_config", None)
    if isinstance(config, dict):
        name = str(config.get("id"))
        return name if name in {"zlib", "gzip", "blosc", "zstd", "lz4", "bz2", "lzma"} else None
    return known.get(type(codec))
