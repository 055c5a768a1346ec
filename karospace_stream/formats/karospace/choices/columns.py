"""Decide how each exported obs column is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karospace_stream.encode.arrays import MAX_STRING_CATEGORIES, ArrayKind, array_kind
from karospace_stream.encode.colors import category_colors
from karospace_stream.formats.codes import distinct
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ResolvedColumn:
    """One exported obs column.

    Attributes
    ----------
    categories
        Of a category, or of a string column with few distinct values (sorted); else None.
    """

    name: str
    kind: ArrayKind
    categories: tuple[str, ...] | None
    colors: tuple[str, ...] | None


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
            column, said = _resolve(source, selection, infos[name])
            resolved.append(column)
            findings += said
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
    colors, said = _colors(source, name, categories)
    return ResolvedColumn(name, kind, categories, colors), said


def _colors(
    source: Source, name: str, categories: tuple[str, ...] | None
) -> tuple[tuple[str, ...] | None, list[Finding]]:
    """Colours of the categories, and findings about them."""
    stored = None if categories is None else source.uns_colors(name)
    if categories is None or stored is None or not categories:
        return None, []
    colors, bad = category_colors(stored, categories)
    where = f"uns[{name + '_colors'!r}]"
    if colors is None:
        n_known = len(stored) if not bad else 0
        why = (
            f"{n_known} colours for {len(categories)} categories"
            if not bad
            else "none of its values is a colour"
        )
        return None, [Finding("colors-unused", f"{where} is not used: {why}")]
    if not bad:
        return colors, []
    given = stored if isinstance(stored, Mapping) else dict(zip(categories, stored, strict=False))
    named = [
        f"{category!r} ({given[category]!r:.40})" if category in given else repr(category) for category in bad
    ]
    listed = ", ".join(named[:_SHOWN]) + (f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")
    return colors, [Finding("colors-unknown", f"{where} has no known colour for {listed}, drawn grey")]
