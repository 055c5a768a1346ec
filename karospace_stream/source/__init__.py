"""AnnData from any location: its catalog, its matrices by rows or genes, its columns by range."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadInputError
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.storage import (
    Location,
    check_regular,
    is_url,
    local_path,
    location_of,
    open_regular,
)

if TYPE_CHECKING:
    from anndata import AnnData

    from karospace_stream.source.anndata_source import AnnDataSource
    from karospace_stream.source.files.remote_file import RemoteFile
    from karospace_stream.source.resolve.kind import Kind

__all__ = ["open_source"]

_HEAD_NBYTES = 8  # tell a zip file from HDF5


def open_source(
    x: str | os.PathLike[str] | AnnData,
    *,
    storage_options: Mapping[str, Any] | None = None,
    kinds: Sequence[Kind] = (),
) -> AnnDataSource:
    """Open an AnnData on disk, at a URL or in memory; reads its metadata only.

    Parameters
    ----------
    x
        Path or URL of a ``.h5ad`` file, of a ``.zarr`` store, or of one in a zip file, or an ``AnnData``
        (in memory, backed, or lazy).
    storage_options
        How to get into the store of a URL; see `karospace_stream.storage.location.location_of`.
    kinds
        Other kinds of files and stores that are read as an AnnData.

    Returns
    -------
    A picklable `Source` that holds no file open.

    Raises
    ------
    BadInputError
        If there is nothing at the path, or something other than an AnnData; the message names it.
    """
    if not isinstance(x, (str, os.PathLike)):
        return _open_object(x)
    text = os.fspath(x)
    if is_url(text):
        return _open_location(location_of(text, storage_options), kinds)
    try:
        return _open_path(*_existing(local_path(text)), kinds)
    except PermissionError as error:
        raise BadInputError(f"{error.filename or x} cannot be read: permission denied") from error


def _open_location(location: Location, kinds: Sequence[Kind]) -> AnnDataSource:
    from karospace_stream.source.files.remote_file import RemoteFile
    from karospace_stream.source.zip.path import split_zip

    outer, inner = split_zip(location)
    file = None if outer.shown.endswith(".zarr") else RemoteFile.find(outer)
    if file is not None:
        return _open_remote_file(file, location.shown, inner, kinds)
    from karospace_stream.source.zarr.store_source import open_remote_zarr

    return open_remote_zarr(location, kinds)


def _open_remote_file(file: RemoteFile, location: str, inner: str, kinds: Sequence[Kind]) -> AnnDataSource:
    from karospace_stream.source.files.page_cache import PagedReader
    from karospace_stream.source.hdf5.h5ad import open_remote_h5ad
    from karospace_stream.source.zip.directory import looks_like_zip

    if not looks_like_zip(PagedReader(file, file.hdf5_name).read(_HEAD_NBYTES), file.path):
        return open_remote_h5ad(file, kinds)
    from karospace_stream.source.zarr.store_source import open_zarr_zip

    return open_zarr_zip(file, location, inner, kinds)


def _open_path(path: Path, inner: str, kinds: Sequence[Kind]) -> AnnDataSource:
    if path.is_dir():
        from karospace_stream.source.zarr.store_source import open_zarr

        return open_zarr(path, kinds)
    from karospace_stream.source.hdf5.h5ad import open_h5ad
    from karospace_stream.source.problems.diagnose import refuse_no_hdf5
    from karospace_stream.source.zip.directory import looks_like_zip

    with open_regular(path) as raw:
        if looks_like_zip(raw.read(_HEAD_NBYTES), path.name):
            from karospace_stream.source.files.ranges import LocalFile
            from karospace_stream.source.zarr.store_source import open_zarr_zip

            return open_zarr_zip(LocalFile.at(path), str(path / inner), inner, kinds)
        if inner:
            raise BadInputError(f"{path / inner} does not exist: {path} is a file, but not a zip file")
        raw.seek(0)
        refuse_no_hdf5(str(path), raw)
    return open_h5ad(path, kinds)


def _open_object(x: object) -> AnnDataSource:
    loaded = sys.modules.get("anndata")  # whoever has an AnnData has imported it
    if loaded is None or not isinstance(x, loaded.AnnData):
        hint = "; give one of its modalities, mdata.mod[...]" if type(x).__name__ == "MuData" else ""
        raise BadInputError(f"input must be a path, a URL or an AnnData, got {type(x).__qualname__}{hint}")
    from karospace_stream.source.memory.anndata_object import open_anndata

    return open_anndata(x)


def _existing(text: str) -> tuple[Path, str]:
    """The file or folder and, for a zip file, the path inside it."""
    try:
        path = Path(text).expanduser()
        if not path.is_dir():
            check_regular(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        file = next((above for above in path.parents if above.is_file()), None)
        if file is None:
            looked = "" if path.is_absolute() else f" (looked from {_here()})"
            raise BadInputError(f"{path} does not exist{looked}{did_you_mean_path(path)}") from error
        return file, path.relative_to(file).as_posix()
    except PermissionError:
        raise
    except (RuntimeError, ValueError, OSError) as error:  # a pipe, a device, a loop of links, no such ~user
        why = getattr(error, "strerror", None) or error
        raise BadInputError(f"{text[:200]} cannot be read: {why}") from error
    return path, ""


def _here() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return "a folder that no longer exists"
