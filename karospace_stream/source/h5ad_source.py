"""An AnnData in a .h5ad file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.arrays import StoredArray
from karospace_stream.source.h5_array import H5Array
from karospace_stream.source.hdf5 import open_hdf5
from karospace_stream.source.ranges import LocalFile
from karospace_stream.source.refuse import refuse_other_root
from karospace_stream.source.stored import resolve_parts
from karospace_stream.source.unreadable import Unreadable


def open_h5ad(path: str | os.PathLike[str]) -> AnnDataSource:
    """Describe a .h5ad file; reads attributes only, and closes the file again.

    Raises
    ------
    BadInputError
        If the file does not open, or holds something else.
    """
    file = LocalFile.at(path)
    unreadable: Unreadable = []

    def wrap(node: Any, field: str | None = None) -> StoredArray:
        return H5Array.of(file, node, field)

    with open_hdf5(file) as root:
        refuse_other_root(root, str(path))
        parts = resolve_parts(root, str(path), wrap, unreadable)
    return make_source(
        parts,
        unreadable,
        location=str(path),
        name=Path(path).stem,
        container="h5ad",
        fingerprint=file.fingerprint,
    )
