"""An AnnData in a .h5ad file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.files.page_cache import PagedReader
from karospace_stream.source.files.ranges import LocalFile, RangedFile
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.hdf5.array import H5Array
from karospace_stream.source.hdf5.external_files import check_linked, files_of
from karospace_stream.source.hdf5.file import H5Origin, external_links, open_hdf5
from karospace_stream.source.problems.diagnose import refuse_no_hdf5
from karospace_stream.source.problems.unreadable import Unreadable, required
from karospace_stream.source.resolve.kind import Kind, resolve_root

_MOST_EXTERNAL = 1000  # names to keep


def open_h5ad(path: str | os.PathLike[str], kinds: Sequence[Kind] = ()) -> AnnDataSource:
    """Describe a .h5ad file of this machine; reads attributes only, and closes the file again.

    Parameters
    ----------
    kinds
        Other kinds of HDF5 files that are read.

    Raises
    ------
    BadInputError
        If the file does not open, or holds something else.
    """
    return _describe(LocalFile.at(path), str(path), Path(path).stem, kinds)


def open_remote_h5ad(file: RemoteFile, kinds: Sequence[Kind] = ()) -> AnnDataSource:
    """Describe a .h5ad file at a URL; fetches the parts that hold its attributes.

    Raises
    ------
    BadInputError
        If it holds something else, or the store denies access or does not answer.
    """
    refuse_no_hdf5(file.path, PagedReader(file, file.hdf5_name))
    return _describe(file, file.path, PurePosixPath(file.path).stem, kinds, remote=True)


def _describe(
    file: RangedFile, location: str, name: str, kinds: Sequence[Kind], *, remote: bool = False
) -> AnnDataSource:
    unreadable: Unreadable = []
    external: dict[tuple[str, str], None] = {}

    def wrap(node: Any, field: str | None = None) -> StoredArray:
        values = H5Array.of(file, node, field)
        for other in files_of(node, file.hdf5_name)[: max(0, _MOST_EXTERNAL - len(external))]:
            external[node.name.strip("/"), other] = None
        return values

    with required("the structure", location), open_hdf5(file) as root:
        links = _refused_links(file, root) if remote else {}
        if not remote:
            check_linked(root)
        parts = resolve_root(root, location, wrap, unreadable, kinds)
    unreadable = [(key, links.get("raw/X" if key == "raw" else key, why)) for key, why in unreadable]
    return make_source(
        parts,
        unreadable,
        location=location,
        name=name,
        container="h5ad",
        fingerprint=file.fingerprint,
        origin=H5Origin(file),
        remote=remote,
        external_files=tuple(external),
    )


def _refused_links(file: RangedFile, root: Any) -> dict[str, str]:
    """Why parts in other files cannot be read."""
    why = {}
    for path, name in external_links(root):
        try:
            file.linked(name)
        except BadInputError as error:
            if path in ("obs", "var"):
                raise BadInputError(f"{path} of {file.path} cannot be read: {error}") from error
            why[path] = str(error)
    return why
