"""Decide how each exported obs column is stored."""

from __future__ import annotations

from karospace_stream.convert.coding import distinct
from karospace_stream.convert.karospace.job import ResolvedColumn
from karospace_stream.encode.arrays import MAX_STRING_CATEGORIES, array_kind
from karospace_stream.model.selection import Selection
from karospace_stream.source.protocol import Source


def resolve_columns(source: Source, selection: Selection) -> tuple[ResolvedColumn, ...]:
    """Read the categories, and count the distinct values of string columns."""
    infos = {column.name: column for column in source.catalog.obs}
    resolved = []
    for name in selection.columns:
        info = infos[name]
        head = source.obs_column(name, 0, min(1, source.catalog.n_cells))
        categories = head.categories
        if info.kind == "string":
            categories = distinct(source, selection, name, MAX_STRING_CATEGORIES)
        kind = array_kind(info, None if categories is None else len(categories), head.missing is not None)
        if kind.kind == "string":
            categories = None
        colors = source.uns_colors(name) if categories is not None else None
        resolved.append(ResolvedColumn(name, kind, categories, _usable(colors, categories)))
    return tuple(resolved)


def _usable(colors: tuple[str, ...] | None, categories: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Colours as ``#rrggbb``, where there is one for each category and all are well formed."""
    if colors is None or categories is None or len(colors) < len(categories):
        return None
    short = tuple(color[:7].lower() for color in colors[: len(categories)])
    return short if all(_is_hex(color) for color in short) else None


def _is_hex(color: str) -> bool:
    return len(color) == 7 and color[0] == "#" and all(digit in "0123456789abcdef" for digit in color[1:])
