"""Factors as SeuratDisk writes them: codes and labels that no attribute links.

anndata reads plain numbers there. The labels are in the file, so they are used where they fit, and said.
"""

from __future__ import annotations

from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.arrays import StoredArray
from karospace_stream.source.categories import checked_categories
from karospace_stream.source.elements import CategoricalElement, Element, PlainElement, Wrap, checked
from karospace_stream.source.members import member

_LISTS = "__categories"
_PIECE = 1 << 20


def unlinked_labels(group: Any, name: str, wrap: Wrap) -> Element | None:
    """Describe whole numbers beside a list of labels of the same name; None where there is no such list.

    Reads the list and, by pieces, all codes: only they tell whether the two belong together.
    """
    labels = member(group, f"{_LISTS}/{name}")
    values = wrap(group[name])
    if not hasattr(labels, "shape") or values.dtype.kind not in "iu":
        return None
    numbers = checked(PlainElement(values, f"numbers as stored, as the list in {_LISTS} does not fit them"))
    column = CategoricalElement(
        values, wrap(labels), note=f"its labels are from {_LISTS}, to which the file does not link the column"
    )
    try:
        checked(column)
        checked_categories(column.categories)
    except BadInputError:
        return numbers
    return column if _fit(values, column.info(name).n_categories or 0) else numbers


def _fit(codes: StoredArray, n_categories: int) -> bool:
    starts = range(0, codes.shape[0], _PIECE)
    pieces = (codes.read(slice(start, min(start + _PIECE, codes.shape[0]))) for start in starts)
    return all(int(piece.max()) < n_categories and int(piece.min()) >= -1 for piece in pieces)
