"""Recognise HDF5 files and Zarr stores that are no AnnData: the name of their format, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.problems.convert import converted

# Names in the root that a file of each kind has, and the rest of the sentence.
_KINDS = (
    (
        {"assays", "cell.names"},
        "is an h5Seurat file, not an AnnData; convert it in R: SeuratDisk::Convert({path!r}, dest = 'h5ad'), "
        "or write the Seurat object with: anndataR::write_h5ad(object, {target!r})",
    ),
    (
        {"barcode_idx", "feature_idx"},
        "is a molecule list of 10x Genomics, not a matrix; give the filtered_feature_bc_matrix.h5 beside it",
    ),
    (
        {"cell_features"},
        "is a Xenium matrix in Zarr, which is not read; give the folder that it lies in",
    ),
    (
        {"geneExp"},
        "is a GEF file of Stereo-seq, not an AnnData; convert it with: stereo.io.stereo_to_anndata(...)",
    ),
    (
        {"#refs#"},
        "is a MATLAB file, not an AnnData; load it, and write it with anndata.AnnData(...).write_h5ad(...)",
    ),
)


def refuse_other_root(root: Any, path: str) -> None:
    """Reject an HDF5 file or Zarr group that is no AnnData.

    Parameters
    ----------
    root
        Open root group of h5py or zarr.
    path
        The path that the user gave, so that we can name its members.

    Raises
    ------
    BadInputError
        The message says what it is instead: MuData, h5Seurat, 10x, or lists its groups.
    """
    encoding = encoding_type(root)
    if encoding == "MuData" or ("mod" in root and "X" not in root):
        raise BadInputError(f"{path} is a MuData, not an AnnData")
    if "obs" in root and "var" in root:
        return
    raise BadInputError(f"{path} {_what_else(root, path)}")


def _what_else(root: Any, path: str) -> str:
    names = set(root)
    for those, what in _KINDS:
        if those <= names:
            return what.format(path=path, target=converted(path))
    if any(_is_tenx(root[name]) for name in names):
        return "is a 10x Genomics matrix, not an AnnData"
    if {"multiscales", "ome"} & set(root.attrs):
        return "is an OME-Zarr image, not an AnnData"
    if any("pandas_type" in root[name].attrs for name in names):
        command = f"anndata.AnnData(pandas.read_hdf({path!r})).write_h5ad({converted(path)!r})"
        return f"is a pandas table, not an AnnData; convert it with: {command}"
    if not names:
        return "is empty; an AnnData has obs and var"
    return f"is not an AnnData: it has no obs and var, but {listed(sorted(names))}"


def _is_tenx(node: Any) -> bool:
    """10x calls its group ``matrix`` (version 3) or by the genome (version 2)."""
    return hasattr(node, "keys") and {"barcodes", "data", "indices", "indptr"} <= set(node)


def listed(names: Iterable[str], limit: int = 10, under: str = "") -> str:
    """Names for a sentence; only the first if they are many."""
    names = [f"{under}{name}" for name in names]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more if names else "none"
