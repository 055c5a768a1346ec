"""Decide how each exported obs column is stored."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.encode.arrays import MAX_STRING_CATEGORIES, ArrayKind, array_kind
from karospace_stream.formats.columns.codes import distinct
from karospace_stream.formats.columns.column_colors import resolve_colors
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source


@dataclass(frozen=True, slots=True)
class ResolvedColumn:
    """One exported obs column.

    Attributes
    ----------
    categories
        Of a category, or of a string column with few distinct values (sorted); else None.
    colors
        ``#rrggbb`` in the order of the categories; None for those that the page chooses.
    colors_key
        The array of uns that the colours are from.
    """

    name: str
    kind: ArrayKind
    categories: tuple[str, ...] | None
    colors: tuple[str, ...] | None
    colors_key: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Exported columns, and findings about their colours."""

    columns: tuple[ResolvedColumn, ...]
    findings: tuple[Finding, ...]


def resolve_columns(source: Source, selection: Selection) -> Columns:
    """Read the categories, and count the distinct values of string columns."""
    infos = {column.name: column for column in source.catalog.obs}
    resolved, findings = list[ResolvedColumn](), list[Finding]()
    with source.kept_open():
        for name in selection.columns:
            column, noticed = _resolve(source, selection, infos[name])
            resolved.append(column)
            findings += noticed
    return Columns(tuple(resolved), tuple(findings))


def _resolve(source: Source, selection: Selection, info: ColumnInfo) -> tuple[ResolvedColumn, list[Finding]]:
    name = info.name
    head = source.obs_column(name, 0, min(1, source.catalog.n_cells))
    categories = head.categories
    if info.kind == "string":
        categories = distinct(source, selection, name, MAX_STRING_CATEGORIES)
    kind = array_kind(info, None if categories is None else len(categories), head.missing is not None)
    if kind.kind == "string":
        categories = None
    colors = resolve_colors(source, selection, name, categories)
    return ResolvedColumn(name, kind, categories, colors.colors, colors.key), list(colors.findings)
