"""Recognise folders of 10x Genomics by the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MATRIX = re.compile(r".*matrix\.mtx(\.gz)?$")
_TABLES = ("filtered_feature_bc_matrix.h5", "cell_feature_matrix.h5", "raw_feature_bc_matrix.h5")


def describe_folder(names: Iterable[str]) -> str:
    """The rest of a sentence about a folder that is no Zarr store; empty if it is of no known kind."""
    names = set(names)
    if names & set(_TABLES):
        return "is a folder with a 10x Genomics matrix, not an AnnData"
    if any(_MATRIX.fullmatch(name) for name in names):
        return "is a folder with a 10x Genomics matrix as text, not an AnnData"
    return ""


def describe_mtx(path: str) -> str:
    """The rest of a sentence about a Matrix Market file, which has the names in files beside it."""
    if _MATRIX.fullmatch(path.rpartition("/")[2]):
        return "is a Matrix Market file, not an AnnData"
    return (
        "is a Matrix Market file without names of cells and genes; put it into a folder as matrix.mtx.gz, "
        "beside barcodes.tsv.gz and features.tsv.gz, and give the folder"
    )
