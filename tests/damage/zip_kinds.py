"""A small Zarr store in a zip file, damaged as a file, or before it was packed."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import anndata as ad
import numpy as np
import zarr

from tests.damage import byte_kinds, zarr_kinds

Rng = np.random.Generator


def build(path: Path, rng: Rng) -> None:
    """Pack a store: as it is or deflated, at the top or in a folder."""
    folder = path.with_name("unpacked")
    zarr_kinds.build(folder, rng)
    _pack(folder, path, rng)


def read(path: Path) -> ad.AnnData:
    """What anndata reads; only of a store at the top of the zip."""
    with zarr.storage.ZipStore(path, mode="r") as store:
        return ad.read_zarr(store)


def _pack(folder: Path, path: Path, rng: Rng) -> None:
    method = zipfile.ZIP_DEFLATED if rng.random() < 0.5 else zipfile.ZIP_STORED
    top = "in.zarr/" if rng.random() < 0.5 else ""
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{top}{file.relative_to(folder).as_posix()}")
    shutil.rmtree(folder)


def _inside(path: Path, rng: Rng) -> None:
    """The store was damaged before it was packed."""
    folder = path.with_name("unpacked")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    kinds = zarr_kinds.KINDS
    store = folder / "in.zarr" if (folder / "in.zarr").exists() else folder
    kinds[int(rng.integers(len(kinds)))][1](store, rng)
    _pack(store, path, rng)
    shutil.rmtree(folder, ignore_errors=True)


def _directory(path: Path, rng: Rng) -> None:
    """Bytes of the directory are others."""
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    for _ in range(int(rng.integers(1, 4))):
        data[int(rng.integers(start, len(data)))] = int(rng.integers(256))
    path.write_bytes(data)


KINDS = [*byte_kinds.KINDS, ("damaged before", _inside), ("directory", _directory)]
