"""The groups of a file that hold a matrix, and whether they are complete."""

from __future__ import annotations

from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.members import member
from karospace_stream.source.problems.unreadable import optional

#: The group of Cell Ranger 3 and later; before, each genome had a group of its own.
MATRIX = "matrix"
_NEEDED = ("data", "indices", "indptr", "shape", "barcodes")
_NAMING = {"barcodes", "features", "genes", "gene_names"}
_FEW = 3  # of these names make a group that was a matrix


def groups_of(root: Any) -> list[str]:
    """The groups that hold a matrix."""
    names = _groups(root)
    return sorted(name for name in names if {"barcodes", "data", "indices", "indptr"} <= names[name])


def damaged_group(root: Any) -> str:
    """The name of what is left of a matrix; empty if there is none."""
    if set(root) == {MATRIX} and hasattr(member(root, MATRIX), "shape"):
        return MATRIX
    for name, inside in sorted(_groups(root).items()):
        if inside & _NAMING and len(inside & {*_NEEDED, *_NAMING}) >= _FEW:
            return name
    return ""


def _groups(root: Any) -> dict[str, set[str]]:
    """The names in each group."""
    found = {}
    for name in root:
        with optional([], name):
            node = root[name]
            if hasattr(node, "keys"):
                found[name] = set(node)
    return found


def check_complete(group: Any, key: str, where: str) -> None:
    """Reject a matrix of which a part is missing."""
    if not hasattr(group, "keys"):
        raise BadInputError(f"{key} of {where} must be a group, but is an array; the file is damaged")
    if missing := [name for name in _NEEDED if not hasattr(member(group, name), "shape")]:
        raise BadInputError(f"{where} lacks {key}/{missing[0]}; the file is damaged, or not complete")


def features_of(group: Any) -> Any:
    """The array with the names of the features, or their identifiers; None if there is none."""
    table = member(group, "features")
    is_group = hasattr(table, "keys")
    inside: Any = table if is_group else group
    names = ("name", "id") if is_group else ("gene_names", "genes")
    return next((inside[name] for name in names if name in inside), None)


def check_shape(group: Any, shape: tuple[int, int], indptr: tuple[int, ...], where: str, key: str) -> None:
    """Reject a shape that the tables contradict, if the values agree with the tables."""
    names = features_of(group)
    n_cells = _length(group["barcodes"])
    n_genes = shape[0] if names is None else _length(names)
    if shape[1] != n_cells and indptr == (n_cells + 1,):
        raise BadInputError(
            f"{key}/shape of {where} says {shape[0]:,} features x {shape[1]:,} barcodes, but the tables name "
            f"{n_genes:,} features and {n_cells:,} barcodes; the file is damaged"
        )


def check_length(table: Any, name: str, n_genes: int, where: str) -> None:
    """Reject a column of the features that has another length."""
    if name in table and (n_known := _length(table[name])) != n_genes:
        raise BadInputError(
            f"{where} must say the {name} of the {n_genes:,} features of its matrix, but says that of "
            f"{n_known:,}; the file is damaged"
        )


def _length(node: Any) -> int:
    """Number of rows; -1 of something that has none."""
    shape = getattr(node, "shape", ())
    return int(shape[0]) if shape else -1
