"""Arrays that grow by appending, in an HDF5 file or a Zarr group."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np
import numpy.typing as npt
import zarr
from isal import isal_zlib
from zarr.codecs import GzipCodec

Compression = Literal["gzip", "lzf"] | None
_GZIP_LEVEL = 1


class Growing(ABC):
    """An array that is appended to, and written chunk by chunk; never wholly in memory."""

    def __init__(self, chunk_rows: int) -> None:
        self._chunk_rows = chunk_rows
        self._waiting: list[npt.NDArray[Any]] = []
        self._n_waiting = 0
        self._n_written = 0

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Append along the first axis."""
        self._waiting.append(rows)
        self._n_waiting += len(rows)
        if self._n_waiting >= self._chunk_rows:
            self._write_chunks(self._n_waiting - self._n_waiting % self._chunk_rows)

    def close(self) -> None:
        """Write the remaining values. Nothing can be appended afterwards."""
        self._write_chunks(self._n_waiting)

    def _write_chunks(self, n_rows: int) -> None:
        if not n_rows:
            return
        rows = np.concatenate(self._waiting)
        self._extend(self._n_written + n_rows)
        for start in range(0, n_rows, self._chunk_rows):
            self._write(self._n_written + start, rows[start : min(start + self._chunk_rows, n_rows)])
        self._waiting = [rows[n_rows:].copy()]
        self._n_waiting -= n_rows
        self._n_written += n_rows

    @abstractmethod
    def _extend(self, n_rows: int) -> None: ...

    @abstractmethod
    def _write(self, start: int, chunk: npt.NDArray[Any]) -> None: ...


class Store(ABC):
    """A store to write an AnnData to: groups, complete arrays and growing ones, by path."""

    @abstractmethod
    def group(self, path: str, attributes: Mapping[str, Any]) -> None:
        """Create a group, or set attributes of one that is there."""

    @abstractmethod
    def text(self, path: str, values: Sequence[str], attributes: Mapping[str, Any]) -> None:
        """Write strings at once."""

    @abstractmethod
    def growing(
        self, path: str, dtype: Any, chunk: tuple[int, ...], attributes: Mapping[str, Any]
    ) -> Growing:
        """Create an array whose first axis grows; ``dtype`` is ``str`` for strings."""

    @abstractmethod
    def close(self) -> None:
        """Close the file. Every growing array is closed before."""


def open_store(path: Path, compression: Compression, *, as_zarr: bool) -> Store:
    """Start an empty ``.h5ad`` file, or an empty Zarr v3 store."""
    return _ZarrStore(path, compression) if as_zarr else _H5Store(path, compression)


class _H5Store(Store):
    """An ``.h5ad`` in the making. Same calls, same bytes."""

    def __init__(self, path: Path, compression: Compression) -> None:
        self._file = h5py.File(path, "w")
        self._compression = compression

    def group(self, path: str, attributes: Mapping[str, Any]) -> None:
        self._file.require_group(path).attrs.update(attributes)

    def text(self, path: str, values: Sequence[str], attributes: Mapping[str, Any]) -> None:
        data = np.array(values, dtype=object)
        self._file.create_dataset(path, data=data, dtype=h5py.string_dtype()).attrs.update(attributes)

    def growing(
        self, path: str, dtype: Any, chunk: tuple[int, ...], attributes: Mapping[str, Any]
    ) -> Growing:
        dataset = self._file.create_dataset(
            path,
            shape=(0, *chunk[1:]),
            maxshape=(None, *chunk[1:]),
            dtype=h5py.string_dtype() if dtype is str else dtype,
            chunks=chunk,
            compression=self._compression,
            compression_opts=_GZIP_LEVEL if self._compression == "gzip" else None,
        )
        dataset.attrs.update(attributes)
        if self._compression == "gzip" and dtype is not str:
            return _DeflatedDataset(dataset)
        return _Dataset(dataset)

    def close(self) -> None:
        self._file.close()


class _Dataset(Growing):
    def __init__(self, dataset: Any) -> None:
        super().__init__(dataset.chunks[0])
        self._dataset = dataset

    def _extend(self, n_rows: int) -> None:
        self._dataset.resize(n_rows, axis=0)

    def _write(self, start: int, chunk: npt.NDArray[Any]) -> None:
        self._dataset[start : start + len(chunk)] = chunk


class _DeflatedDataset(_Dataset):
    """Deflates with ISA-L, ten times as fast as the zlib in HDF5, and writes complete chunks."""

    def _write(self, start: int, chunk: npt.NDArray[Any]) -> None:
        full = chunk.astype(self._dataset.dtype, copy=False)
        if len(full) < self._chunk_rows:
            padding = np.zeros((self._chunk_rows - len(full), *full.shape[1:]), full.dtype)
            full = np.concatenate([full, padding])
        deflated = isal_zlib.compress(np.ascontiguousarray(full), _GZIP_LEVEL)
        self._dataset.id.write_direct_chunk((start, *[0] * (full.ndim - 1)), deflated)


class _ZarrStore(Store):
    """A Zarr v3 AnnData store in the making."""

    def __init__(self, path: Path, compression: Compression) -> None:
        self._root = zarr.open_group(path, mode="w", zarr_format=3)
        self._compressors = [GzipCodec(level=_GZIP_LEVEL)] if compression else None

    def group(self, path: str, attributes: Mapping[str, Any]) -> None:
        group = self._root if path == "/" else self._root.require_group(path)
        group.update_attributes(_plain(attributes))

    def text(self, path: str, values: Sequence[str], attributes: Mapping[str, Any]) -> None:
        growing = self.growing(path, str, (max(1, len(values)),), attributes)
        growing.append(np.array(values, dtype=object))
        growing.close()

    def growing(
        self, path: str, dtype: Any, chunk: tuple[int, ...], attributes: Mapping[str, Any]
    ) -> Growing:
        array = self._root.create_array(
            path,
            shape=(0, *chunk[1:]),
            dtype=dtype,
            chunks=chunk,
            compressors=self._compressors,
            attributes=_plain(attributes),
        )
        return _ZarrArray(array)

    def close(self) -> None:
        """Nothing to do: Zarr has written all. Consolidated metadata is not part of Zarr v3."""


class _ZarrArray(Growing):
    def __init__(self, array: Any) -> None:
        super().__init__(array.chunks[0])
        self._array = array

    def _extend(self, n_rows: int) -> None:
        self._array.resize((n_rows, *self._array.shape[1:]))

    def _write(self, start: int, chunk: npt.NDArray[Any]) -> None:
        self._array[start : start + len(chunk)] = chunk


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON can hold them."""
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in attributes.items()}
