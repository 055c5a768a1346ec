"""The attributes of cells and genes: a data frame, and what has more than one value in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.kinds.loom.arrays import ColumnsAsOne, Numbered, Unescaped
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.elements.columns import Element, PlainElement, Wrap, checked
from karospace_stream.source.elements.embeddings import EmbeddingEntry, array_entry
from karospace_stream.source.elements.frames import Frame, keep_length
from karospace_stream.source.elements.members import members
from karospace_stream.source.problems.unreadable import Unreadable, optional

#: Two columns of numbers that are one embedding, and its key.
_PAIRS = (
    ("_X", "_Y", "X_loom"),
    *(
        (f"_{method}{between}1", f"_{method}{between}2", f"X_{method.lower()}")
        for method in ("tSNE", "TSNE", "UMAP")
        for between in ("_", "")
    ),
    ("_PC1", "_PC2", "X_pca"),
    ("_PC_1", "_PC_2", "X_pca"),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """What a loom file says of its cells, or of its genes.

    Attributes
    ----------
    entries
        Attributes of several values in each row, such as an embedding.
    is_named
        Whether the rows have names in the file.
    """

    frame: Frame
    entries: Mapping[str, EmbeddingEntry]
    is_named: bool


def resolve_axis(
    root: Any, group: str, key: str, n_rows: int, names: Sequence[str], wrap: Wrap, unreadable: Unreadable
) -> Axis:
    """Describe the attributes of one axis; reads no values.

    Parameters
    ----------
    group
        ``"col_attrs"`` or ``"row_attrs"``.
    key
        ``"obs"`` or ``"var"``.
    names
        Attributes that may hold the names of the rows, the first that exists counts.

    Raises
    ------
    BadInputError
        If there are names, but not one for each row.
    """
    columns: dict[str, Element] = {}
    entries: dict[str, EmbeddingEntry] = {}
    for name, node in members(root, group, unreadable):
        with optional(unreadable, f"{key}/{name}"):
            if getattr(getattr(node, "dtype", None), "names", None):
                entries[name] = array_entry(_of_fields(f"{group}/{name}", node, wrap))
            elif len(getattr(node, "shape", ())) == 2:
                entries[name] = array_entry(wrap(node))
            else:
                columns[name] = _column(node, wrap)
    index, is_named = _take_index(columns, names, group, n_rows)
    columns = keep_length(columns, n_rows, key, unreadable)
    return Axis(Frame(key, n_rows, index, columns), entries, is_named)


def paired(axis: Axis) -> dict[str, EmbeddingEntry]:
    """Pairs of columns that are coordinates by their names, such as ``_X`` and ``_Y``."""
    found: dict[str, EmbeddingEntry] = {}
    for x, y, key in _PAIRS:
        both = [axis.frame.columns.get(name) for name in (x, y)]
        values = [each.values for each in both if isinstance(each, PlainElement)]
        if len(values) == 2 and all(each.dtype.kind in "iuf" for each in values):
            found.setdefault(key, array_entry(ColumnsAsOne(f"col_attrs/{x}", tuple(values))))
    return found


def _column(node: Any, wrap: Wrap) -> Element:
    if not hasattr(node, "shape"):
        raise BadInputError("it must be an array, but is a group")
    values = wrap(node)
    return checked(PlainElement(Unescaped(values) if values.dtype == TEXT else values))


def _of_fields(key: str, node: Any, wrap: Wrap) -> StoredArray:
    """A table whose columns are numbers, as SCope stores embeddings and scores."""
    return ColumnsAsOne(key, tuple(wrap(node, field) for field in node.dtype.names))


def _take_index(
    columns: dict[str, Element], names: Iterable[str], group: str, n_rows: int
) -> tuple[Element, bool]:
    name = next((each for each in names if each in columns), None)
    if name is None:
        return PlainElement(Numbered(group, n_rows)), False
    index = columns.pop(name)
    if index.n_rows != n_rows:
        what = "cells" if group == "col_attrs" else "genes"
        raise BadInputError(
            f"{group}/{name} must name each of the {n_rows:,} {what} of the matrix, but has "
            f"{index.n_rows:,} names; the file is damaged"
        )
    return index, True
