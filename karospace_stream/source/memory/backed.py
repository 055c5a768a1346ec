"""Members of a backed object: arrays and matrices in a file that somebody else has open.

We take only their locations from the open object and read them with our own readers, so that
nothing is loaded in full and a task in another process can open the file for itself.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal

import h5py
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.hdf5.array import H5Array
from karospace_stream.source.matrices.readers import resolve_matrix
from karospace_stream.source.zarr.array import ZarrArray
from karospace_stream.source.zarr.folder import ZarrFolder
from karospace_stream.source.zarr.remote import RemoteZarr
from karospace_stream.source.zarr.root import ZarrRoot
from karospace_stream.storage import Location

Container = Literal["h5ad", "zarr", "memory"]
_HDF5 = (h5py.Dataset, h5py.Group)
_ZARR = (zarr.Array, zarr.Group)
_OF_THE_OPEN_ONE = ("asynchronous", "loop", "skip_instance_cache", "use_listings_cache")
_ON_DISK = ("sec2", "stdio", "direct")


def container_of(values: Any) -> Container:
    """The container of the values: ``h5ad`` and ``zarr`` stand for any open HDF5 or Zarr file."""
    node = _node(values)
    if isinstance(node, _HDF5):
        return "h5ad"
    return "zarr" if isinstance(node, _ZARR) else "memory"


def is_group(values: Any) -> bool:
    """Whether this is not one array but several, as a stored sparse matrix is."""
    return isinstance(_node(values), h5py.Group | zarr.Group)


def stored_reader(name: str, values: Any) -> MatrixReader:
    """A reader of a member such as ``adata.X`` of a backed object.

    Parameters
    ----------
    name
        As in `MatrixInfo`.
    values
        ``CSRDataset`` or ``CSCDataset`` of anndata, or a group or array of h5py or zarr.

    Raises
    ------
    BadInputError
        If it is no matrix, or is not stored in a local file.
    """
    node, where, wrap = _resolved(values)
    return resolve_matrix(node, name, where, wrap)


def stored_array(values: Any) -> StoredArray:
    """An array of h5py or zarr; raises BadInputError if it is not in a local file."""
    node, _, wrap = _resolved(values)
    return wrap(node)


def _node(values: Any) -> Any:
    """The group inside anndata's own wrappers; anything else unchanged."""
    return values.group if hasattr(values, "group") and hasattr(values, "to_memory") else values


def _resolved(values: Any) -> tuple[Any, str, Wrap]:
    node = _node(values)
    return _in_hdf5(node) if isinstance(node, _HDF5) else _in_zarr(node)


def _in_hdf5(member: Any) -> tuple[Any, str, Wrap]:
    if not member:
        raise BadInputError("its file is closed; open it again")
    root = member.file
    if root.driver not in _ON_DISK or not Path(root.filename).is_file():
        raise BadInputError(f"it must be in an HDF5 file on a disk, got one of the driver {root.driver}")
    if root.mode != "r":
        root.flush()  # changes that are not in the file yet
    file = LocalFile.at(root.filename)

    def wrap(node: Any, field: str | None = None) -> StoredArray:
        return H5Array.of(file, node, field)

    return member, str(root.filename), wrap


def _in_zarr(member: Any) -> tuple[Any, str, Wrap]:
    root = _zarr_root(member)

    def wrap(node: Any, field: str | None = None) -> StoredArray:
        return ZarrArray.of(root, node, field)

    return member, root.path, wrap


def _zarr_root(member: Any) -> ZarrRoot:
    store = member.store
    # A fresh name for each look at the store: what an earlier call cached may be stale.
    look = secrets.token_hex(8)
    if isinstance(store, zarr.storage.LocalStore):
        return ZarrFolder(os.path.realpath(store.root), look, consolidated=False)
    if is_remote(member):
        return RemoteZarr(_location_of(store), look, member.metadata.zarr_format, consolidated=False)
    raise BadInputError(
        f"it must be in a Zarr folder on a local disk or in a store of fsspec, got {type(store).__name__}"
    )


def is_remote(values: Any) -> bool:
    """Whether this is a member of an open Zarr store across a network."""
    node = _node(values)
    return isinstance(node, _ZARR) and isinstance(node.store, zarr.storage.FsspecStore)


def _location_of(store: Any) -> Location:
    filesystem = getattr(store.fs, "sync_fs", store.fs)
    own = {key: value for key, value in filesystem.storage_options.items() if key not in _OF_THE_OPEN_ONE}
    return Location(filesystem.unstrip_protocol(store.path).rstrip("/"), own)
