"""Files whose chunks hold far more than their shape declares."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import anndata
import h5py
import hdf5plugin
import numcodecs
import numpy as np
from scipy import sparse

BOMB_NBYTES = 150_000_000

HDF5_FILTERS: dict[str, dict[str, Any]] = {
    "gzip": {"compression": "gzip"},
    "lzf": {"compression": "lzf"},
    "blosc": dict(hdf5plugin.Blosc()),
    "zstd": dict(hdf5plugin.Zstd()),
    "lz4": dict(hdf5plugin.LZ4()),
    "blosc2": dict(hdf5plugin.Blosc2()),
    "bitshuffle": dict(hdf5plugin.Bitshuffle(cname="lz4")),
    "bzip2": dict(hdf5plugin.BZip2()),
}


def small_data() -> anndata.AnnData:
    """50 cells x 30 genes."""
    rng = np.random.default_rng(0)
    return anndata.AnnData(
        sparse.random(50, 30, 0.3, "csr", np.float32, random_state=0),
        obs={"kind": np.array(["a", "b"])[rng.integers(0, 2, 50)], "score": rng.random(50)},
        obsm={"X_umap": rng.random((50, 2)).astype(np.float32)},
    )


def write_zarr(path: Path, version: int) -> None:
    """The same in a Zarr store without consolidated metadata."""
    with anndata.settings.override(zarr_write_format=version), warnings.catch_warnings(action="ignore"):
        small_data().write_zarr(path)
    (path / ".zmetadata").unlink(missing_ok=True)
    if version == 3:
        root = json.loads((path / "zarr.json").read_bytes())
        root.pop("consolidated_metadata", None)
        (path / "zarr.json").write_text(json.dumps(root))


def h5_bomb(path: Path, kind: str, key: str) -> Path:
    """An AnnData in which one chunk of an array inflates to `BOMB_NBYTES` zeros."""
    small_data().write_h5ad(path)
    packed = _packed_by_hdf5(path.with_suffix(".tmp"), kind)
    with h5py.File(path, "r+") as file:
        old = file[key]
        values, attributes, dtype = old[()], dict(old.attrs), old.dtype
        del file[key]
        options = {"dtype": dtype, "chunks": values.shape, "maxshape": values.shape}
        new = file.create_dataset(key, values.shape, **options, **HDF5_FILTERS[kind])
        new.attrs.update(attributes)
        new.id.write_direct_chunk((0,) * values.ndim, packed)
    return path


def _packed_by_hdf5(path: Path, kind: str) -> bytes:
    with h5py.File(path, "w") as file:
        made = file.create_dataset("x", (BOMB_NBYTES,), "u1", chunks=(BOMB_NBYTES,), **HDF5_FILTERS[kind])
        made[-1:] = 0
        _, packed = made.id.read_direct_chunk((0,))
    path.unlink()
    return packed


ZARR_CODECS: dict[str, Any] = {
    "gzip": numcodecs.GZip(1),
    "zlib": numcodecs.Zlib(1),
    "blosc": numcodecs.Blosc(),
    "zstd": numcodecs.Zstd(),
    "lz4": numcodecs.LZ4(),
    "bz2": numcodecs.BZ2(1),
    "lzma": numcodecs.LZMA(),
}


def zarr_bomb(path: Path, version: int, kind: str, key: str) -> Path:
    """The same in a Zarr store."""
    write_zarr(path, version)
    array = path / key
    document = array / ("zarr.json" if version == 3 else ".zarray")
    metadata = json.loads(document.read_bytes())
    if version == 3:
        metadata["codecs"] = [
            *(each for each in metadata["codecs"] if each["name"] in ("bytes", "vlen-utf8")),
            _CODECS_3[kind],
        ]
    else:
        metadata["compressor"] = ZARR_CODECS[kind].get_config()
    document.write_text(json.dumps(metadata))
    if version == 3:
        root = json.loads((path / "zarr.json").read_bytes())
        root.pop("consolidated_metadata", None)
        (path / "zarr.json").write_text(json.dumps(root))
    chunk = next(
        each
        for each in sorted(array.rglob("*"))
        if each.is_file() and not each.name.startswith((".z", "zarr"))
    )
    chunk.write_bytes(ZARR_CODECS[kind].encode(np.zeros(BOMB_NBYTES, np.uint8)))
    return path


_CODECS_3 = {
    "gzip": {"name": "gzip", "configuration": {"level": 1}},
    "zstd": {"name": "zstd", "configuration": {"level": 0, "checksum": False}},
    "blosc": {
        "name": "blosc",
        "configuration": {
            "cname": "lz4",
            "clevel": 5,
            "shuffle": "noshuffle",
            "typesize": 4,
            "blocksize": 0,
        },
    },
}
