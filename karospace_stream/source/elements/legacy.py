"""Encodings before anndata 0.7: data frames and obsm as compound arrays, categories in uns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.columns import (
    CategoricalElement,
    Element,
    PlainElement,
    Wrap,
    checked,
)
from karospace_stream.source.elements.embeddings import EmbeddingEntry, array_entry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.problems.unreadable import Unreadable, optional

_PIECE = 1 << 20


def resolve_compound_frame(
    node: Any, key: str, uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable
) -> Frame:
    """Describe a data frame that is one compound array; its first field is the index.

    Integers with a list ``<column>_categories`` in uns are codes. obs and var shared
    these lists, so, as in anndata, a list counts only if every code is within it.
    """
    names = list(node.dtype.names or ())
    if not names:
        raise TypeError(f"it must be a table, got an array of {node.dtype}")
    index_name = next((name for name in ("index", "_index") if name in names), names[0])
    elements: dict[str, Element] = {}
    for name in names:
        if name != index_name:
            with optional(unreadable, f"{key}/{name}"):
                elements[name] = _resolve_field(node, name, uns, wrap)
    index = checked(PlainElement(wrap(node, index_name)))
    return Frame(key, index.n_rows, index, elements)


def _resolve_field(node: Any, name: str, uns: Mapping[str, Any], wrap: Wrap) -> Element:
    values = wrap(node, name)
    listed = f"{name}_categories"
    if values.dtype.kind in "iu" and listed in uns and hasattr(uns[listed], "shape"):
        categorical = CategoricalElement(values, wrap(uns[listed]))
        if _fits(values, categorical):
            return checked(categorical)
    return checked(PlainElement(values))


def _fits(codes: StoredArray, column: CategoricalElement) -> bool:
    n_categories = column.info("").n_categories or 0
    starts = range(0, codes.shape[0], _PIECE)
    return all(
        int(codes.read(slice(start, min(start + _PIECE, codes.shape[0]))).max()) < n_categories
        for start in starts
    )


def resolve_compound_obsm(node: Any, wrap: Wrap, unreadable: Unreadable) -> dict[str, EmbeddingEntry]:
    """Describe an obsm that is one compound array, an embedding a field."""
    entries: dict[str, EmbeddingEntry] = {}
    for name in node.dtype.names:
        with optional(unreadable, f"obsm/{name}"):
            entries[name] = array_entry(wrap(node, name))
    return entries
