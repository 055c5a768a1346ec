"""The matrix of a folder of 10x Genomics, as a source of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.folders.mtx.kind import MtxFolder
from karospace_stream.inputs.kinds.tenx.kind import TenX
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.hdf5.file import open_hdf5
from karospace_stream.source.problems.unreadable import optional


def open_matrix(folder: InputFolder, path: str, options: InputOptions) -> AnnDataSource:
    """Open the matrix at a path below the folder: an HDF5 file, or a folder of text files."""
    if path.endswith(".h5"):
        return folder.open_source(path, (TenX(options),))
    return MtxFolder(options).open(folder.folder(path), "")


def library_of(folder: InputFolder, path: str) -> str:
    """The library that a matrix names as its own; empty if it names none, or several."""
    names = np.atleast_1d(_attribute(folder, path, "library_ids", []))
    found = [each.decode() if isinstance(each, bytes) else str(each) for each in names]
    return found[0] if len(found) == 1 and "/" not in found[0] else ""


def protein_scale(folder: InputFolder, path: str) -> float | None:
    """How many times larger the stored values of proteins are than those of the instrument."""
    found = np.ravel(_attribute(folder, path, "protein_scaling_factor", []))
    return float(found[0]) if len(found) == 1 and found.dtype.kind in "iuf" else None


def _attribute(folder: InputFolder, path: str, name: str, default: Any) -> Any:
    """An attribute of the file; the default if it has none that can be read."""
    with optional([], path):
        if path.endswith(".h5"):
            with open_hdf5(folder.file(path)) as root:
                return root.attrs.get(name, default)
    return default
