"""Open a folder of a known kind, or a file that stands for its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from karospace_stream.inputs.folders.folder import InputFolder, list_folder, location_above
from karospace_stream.inputs.folders.incomplete import refuse_incomplete
from karospace_stream.inputs.folders.kind import FolderKind
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.storage import Location, is_url, local_path, location_of

#: Names in a Zarr store, which is no folder of ours.
_ZARR = frozenset({"zarr.json", ".zgroup", ".zmetadata", ".zarray"})
#: Endings of URLs that are single files or Zarr stores: nobody is asked for a folder there.
_FILES = (
    ".h5ad",
    ".h5",
    ".hdf5",
    ".h5mu",
    ".loom",
    ".zip",
    ".zarr",
    ".gz",
    ".csv",
    ".tsv",
    ".txt",
    ".parquet",
)


def open_folder(
    x: Any, kinds: Sequence[FolderKind], storage_options: Mapping[str, Any] | None = None
) -> AnnDataSource | None:
    """Open a folder of one of some kinds.

    Parameters
    ----------
    x
        What the user gave.

    Returns
    -------
    None if it is something else.

    Raises
    ------
    BadInputError
        See `FolderKind.open`.
    """
    if not isinstance(x, (str, os.PathLike)) or not kinds:
        return None
    text = os.fspath(x)
    found = _at_url(text, kinds, storage_options) if is_url(text) else _at_path(Path(local_path(text)), kinds)
    if found is None:
        return None
    folder, file = found
    if folder.names & _ZARR:
        return None
    for kind in kinds:
        if kind.takes(file) if file else kind.matches(folder):
            return kind.open(folder, file)
    if not file:
        refuse_incomplete(folder)
    return None


def _at_path(path: Path, kinds: Sequence[FolderKind]) -> tuple[InputFolder, str] | None:
    try:
        path = path.expanduser()
        if path.is_dir():
            return list_folder(path), ""
        if any(kind.takes(path.name) for kind in kinds) and path.exists():
            return list_folder(path.parent), path.name
    except (OSError, RuntimeError, ValueError):  # said in words when it is opened as a file
        pass
    return None


def _at_url(
    text: str, kinds: Sequence[FolderKind], storage_options: Mapping[str, Any] | None
) -> tuple[InputFolder, str] | None:
    location = location_of(text, storage_options)
    if any(kind.takes(name := _last(location)) for kind in kinds):
        return list_folder(location_above(location)), name
    path = urlsplit(location.url).path
    if path.lower().endswith(_FILES) or ".zarr/" in path or "::" in location.url:
        return None
    return list_folder(location, [name for kind in kinds for name in kind.asks]), ""


def _last(location: Location) -> str:
    return urlsplit(location.url).path.rpartition("/")[2]
