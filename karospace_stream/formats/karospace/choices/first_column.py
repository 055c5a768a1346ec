"""The column by which a page colours first."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.karospace.choices.columns import ResolvedColumn

_MOST_FIRST = 1_000  # categories of the first colouring


def first_column(columns: Sequence[ResolvedColumn]) -> int | None:
    """The column by which a page colours first, if it has categories: as in ``first_colour.ts``."""
    sizes = [len(each.categories or ()) if each.kind.kind == "category" else 0 for each in columns]
    for number, size in enumerate(sizes):
        if 1 < size <= _MOST_FIRST:
            return number
    if any(each.kind.kind in ("bool", "number") for each in columns):
        return None
    return next((number for number, size in enumerate(sizes) if size > 1), None)
