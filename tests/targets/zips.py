"""Small stores as zips: their files, and targets that are given them."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import zarr

from karospace_stream.formats.anndata.layout.archive import ROOTS, archive_entries
from karospace_stream.formats.layout.checksums import CHECKSUMS, checksums_blob
from karospace_stream.model.blob import Blob
from karospace_stream.storage import Store, location_of
from karospace_stream.targets import Packing, Target, begin_local_zip, begin_remote_zip

PACKING = Packing(CHECKSUMS, archive_entries, ROOTS)
TOKEN = "abc123"

_ARRAYS: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...] = (
    ("X/data", (84,), (7,)),
    ("obs/cell type/codes", (9,), (3,)),
    ("obs/細胞", (9,), (3,)),
    ("obs/#+ %20", (2,), (1,)),
    ("obs/c", (44,), (3,)),  # named as v3 names the folder of chunks
    ("obs/9/c", (33,), (3,)),
    ("obsm/X_umap", (33, 20), (3, 9)),
    ("uns/scalar", (), ()),
)


def store_files(folder: Path, zarr_format: int) -> dict[str, bytes]:
    """What zarr-python writes for a store with odd names and many chunks."""
    root = zarr.open_group(str(folder), mode="w", zarr_format=zarr_format)
    values = np.random.default_rng(0)
    for path, shape, chunks in _ARRAYS:
        array = root.create_array(path, shape=shape, dtype="f4", chunks=chunks or "auto")
        array[...] = values.random(shape, "f4")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Consolidated metadata is currently not part")
        zarr.consolidate_metadata(str(folder), zarr_format=zarr_format)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def put_files(target: Target, files: dict[str, bytes]) -> None:
    """Put everything, and the list of it; in an order of their own."""
    with target.batch() as sink:
        receipts = [sink.put(Blob(key, files[key], "application/octet-stream")) for key in reversed(files)]
    target.put(checksums_blob("anndata", "test", {}, receipts))


def begin(
    where: Path | Store, *, overwrite: bool = False, token: str = TOKEN, resume: bool = False
) -> Target:
    """A target at a place of either kind."""
    if isinstance(where, Store):
        return begin_remote_zip(where, packing=PACKING, token=token, overwrite=overwrite, resume=resume)
    return begin_local_zip(where, packing=PACKING, token=token, overwrite=overwrite, resume=resume)


def as_store(where: Path | Store) -> Store:
    """The zip, to be read."""
    return where if isinstance(where, Store) else Store(location_of(f"file://{where}"))
