"""An AnnData in a Zarr store, version 2 or 3, in a folder or at a URL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from karospace_stream.errors import BadInputError
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.diagnose import refuse_no_zarr
from karospace_stream.source.problems.unreadable import Unreadable, reason, required
from karospace_stream.source.resolve.kind import Kind, resolve_root
from karospace_stream.source.zarr.array import ZarrArray
from karospace_stream.source.zarr.folder import ZarrFolder, folder_documents
from karospace_stream.source.zarr.listed_group import ListedGroup
from karospace_stream.source.zarr.remote import RemoteZarr
from karospace_stream.source.zarr.root import ZarrRoot, open_zarr_group
from karospace_stream.source.zarr.zipped import ZarrZip
from karospace_stream.storage import Location

Root = TypeVar("Root", ZarrFolder, RemoteZarr, ZarrZip)


def open_zarr(path: str | os.PathLike[str], kinds: Sequence[Kind] = ()) -> AnnDataSource:
    """Describe a .zarr folder; reads metadata only.

    Parameters
    ----------
    kinds
        Other kinds of Zarr stores that are read.

    Raises
    ------
    BadInputError
        If the folder is no Zarr group, or holds something other than an AnnData.
    """
    refuse_no_zarr(str(path), *folder_documents(Path(path)))
    return _describe(ZarrFolder.at(path), str(path), Path(path).stem, kinds)


def open_remote_zarr(location: Location, kinds: Sequence[Kind] = ()) -> AnnDataSource:
    """Describe a Zarr store at a URL; reads metadata only.

    Raises
    ------
    BadInputError
        If there is no Zarr group, or it holds something other than an AnnData.
    """
    return _describe(RemoteZarr.at(location), location.shown, PurePosixPath(location.shown).stem, kinds)


def open_zarr_zip(
    file: LocalFile | RemoteFile, location: str, inner: str = "", kinds: Sequence[Kind] = ()
) -> AnnDataSource:
    """Describe a Zarr store in a zip file; reads its directory and metadata only.

    Parameters
    ----------
    location
        Path or URL as given, ``inner`` included.
    inner
        Folder in the zip file; by default its top, or the only folder there.

    Raises
    ------
    BadInputError
        If the zip file is damaged, has no Zarr group, or one that is something other than an AnnData.
    """
    found = ZarrZip.at(file, inner)
    name = PurePosixPath(location).stem.removesuffix(".zarr")
    top = location if inner else f"{location}/{found.prefix}".rstrip("/")
    return _describe(found, location, name, kinds, top)


def _describe(found: Root, location: str, name: str, kinds: Sequence[Kind], top: str = "") -> AnnDataSource:
    unreadable: Unreadable = []
    with required("the metadata", location):
        used, group = _open(found, location, kinds)
        parts = resolve_root(ListedGroup(group), location, ZarrWrap(used), unreadable, kinds, top)
        used.raise_failure(group.store)
    return make_source(
        parts,
        unreadable,
        location=location,
        name=name,
        container="zarr",
        fingerprint=used.fingerprint,
        origin=used,
        remote=used.remote,
    )


@dataclass(frozen=True, slots=True)
class ZarrWrap:
    """Turns arrays of a store into ours; see `karospace_stream.source.elements.columns.Wrap`."""

    root: ZarrRoot

    def __call__(self, node: Any, field: str | None = None) -> StoredArray:
        """Describe an array; reads no values."""
        return ZarrArray.of(self.root, node, field)

    def open_file(self, key: str) -> StoredFile | None:
        """A file of the store that is no part of an array; None if there is none."""
        return self.root.open_file(key)


def _open(found: Root, location: str, kinds: Sequence[Kind]) -> tuple[Root, Any]:
    """Open with consolidated metadata, or without if they lack obs or var, or are broken.

    Those of another kind of store count over the network, where it may be impossible to list members.
    """
    failures = []
    for consolidated in (True, False):
        root = replace(found, consolidated=consolidated)
        try:
            group = open_zarr_group(root)
        except BadInputError:
            raise
        except Exception as error:  # zarr's own kinds, JSON's, the file system's
            failures.append(error)
            continue
        if not consolidated or ("obs" in group and "var" in group):
            return root, group
        if root.remote and any(kind.matches(ListedGroup(group)) for kind in kinds):
            return root, group
    raise BadInputError(
        f"{location} cannot be opened as a Zarr group, it is damaged: {reason(failures[-1])}"
    ) from failures[-1]
