"""An AnnData in a .zarr folder, Zarr version 2 or 3."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.arrays import StoredArray
from karospace_stream.source.refuse import refuse_no_zarr, refuse_other_root
from karospace_stream.source.stored import resolve_parts
from karospace_stream.source.unreadable import Unreadable
from karospace_stream.source.zarr_array import ZarrArray, ZarrFolder, open_zarr_group


def open_zarr(path: str | os.PathLike[str]) -> AnnDataSource:
    """Describe a .zarr folder; reads metadata only.

    Raises
    ------
    BadInputError
        If the folder is no Zarr group, or holds something other than an AnnData.
    """
    refuse_no_zarr(Path(path))
    folder, root = _open(Path(path))
    refuse_other_root(root, str(path))
    unreadable: Unreadable = []

    def wrap(node: Any, field: str | None = None) -> StoredArray:
        return ZarrArray.of(folder, node, field)

    return make_source(
        resolve_parts(root, str(path), wrap, unreadable),
        unreadable,
        location=str(path),
        name=Path(path).stem,
        container="zarr",
        fingerprint=folder.fingerprint,
    )


def _open(path: Path) -> tuple[ZarrFolder, Any]:
    """Open with consolidated metadata, or without where they lack obs or var, or are broken."""
    absolute = os.path.realpath(path)
    fingerprint = _fingerprint(Path(absolute))
    failures = []
    for consolidated in (True, False):
        folder = ZarrFolder(absolute, fingerprint, consolidated)
        try:
            root = open_zarr_group(folder)
        except Exception as error:  # zarr's own kinds, JSON's, the file system's
            failures.append(error)
            continue
        if not consolidated or ("obs" in root and "var" in root):
            return folder, root
    raise BadInputError(f"{path} does not open as a Zarr group, it is damaged: {failures[-1]}") from failures[
        -1
    ]


def _fingerprint(root: Path) -> str:
    """Changes when metadata or chunks do.

    Hashes the root's metadata, and number, total size and latest time of all files: some two
    microseconds a file. The times of the folders alone would miss a chunk that is overwritten.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in ("zarr.json", ".zmetadata", ".zgroup", ".zattrs"):
        if (root / name).is_file():
            digest.update((root / name).read_bytes())
    n_files = total = latest = 0
    for size, mtime_ns in _file_stats(str(root)):
        n_files, total, latest = n_files + 1, total + size, max(latest, mtime_ns)
    digest.update(f"{n_files} {total} {latest}".encode())
    return digest.hexdigest()


def _file_stats(folder: str) -> Iterator[tuple[int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _file_stats(entry.path)
            else:
                stat = entry.stat()
                yield stat.st_size, stat.st_mtime_ns
