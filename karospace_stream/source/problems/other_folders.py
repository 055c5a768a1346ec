"""Recognise folders of 10x Genomics by the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from karospace_stream.source.problems.convert import convert

_MATRIX = re.compile(r"(?P<prefix>.*)matrix\.mtx(\.gz)?$")
_TABLES = ("filtered_feature_bc_matrix.h5", "cell_feature_matrix.h5", "raw_feature_bc_matrix.h5")


def describe_folder(path: str, names: Iterable[str]) -> str:
    """The rest of a sentence about a folder that is no Zarr store; empty if it is of no known kind."""
    names = sorted(names)
    table = next((name for name in _TABLES if name in names), "")
    if table:
        file = f"{path.rstrip('/')}/{table}"
        return (
            f"is a folder with a 10x Genomics matrix, not an AnnData; {convert('scanpy.read_10x_h5', file)}"
        )
    matrix = next((name for name in names if _MATRIX.fullmatch(name)), None)
    return f"is a mtx folder of 10x Genomics, not an AnnData; {_read(path, matrix)}" if matrix else ""


def convert_mtx(path: str) -> str:
    """How to convert a Matrix Market file; 10x Genomics stores gene names in files beside it."""
    folder, _, name = path.rpartition("/")
    return _read(folder or ".", name) if _MATRIX.fullmatch(name) else convert("scanpy.read_mtx", path)


def _read(folder: str, matrix: str) -> str:
    prefix = matrix.partition("matrix.mtx")[0]
    return convert("scanpy.read_10x_mtx", folder, f", prefix={prefix!r}" if prefix else "")
