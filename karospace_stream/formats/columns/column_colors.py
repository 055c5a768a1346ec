"""Find the colours of an obs column in uns, and say which of them cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from karospace_stream.encode.colors import NO_COLOR, category_colors
from karospace_stream.formats.cells.tiles import tiles
from karospace_stream.formats.columns.codes import codes_of
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.colors import Colors
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.units import counted

#: The schema of CELLxGENE colours terms, not labels: ``cell_type_ontology_term_id_colors`` and no
#: ``cell_type_colors`` (its section on ``{column}_colors``).
_TERMS = "_ontology_term_id"
_SHOWN = 3

Categories = tuple[str, ...]
#: ``#rrggbb`` of each label.
ColorsOfLabels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnColors:
    """Colours of the categories as ``#rrggbb`` and their key in uns, None if there are none; and findings."""

    colors: tuple[str, ...] | None = None
    key: str | None = None
    findings: tuple[Finding, ...] = ()


def resolve_colors(
    source: Source, selection: Selection, name: str, categories: Categories | None
) -> ColumnColors:
    """Colours of ``uns["<column>_colors"]``, else those of the terms that the labels stand for."""
    if not categories:
        return ColumnColors()
    stored = source.uns_colors(name)
    if stored is not None:
        return _misshapen(source, f"{name}_colors") or _usable(f"{name}_colors", stored, categories)
    terms = f"{name}{_TERMS}"
    if (of_terms := source.uns_colors(terms)) is None or not _is_category(source, terms):
        return ColumnColors()
    return _of_labels(source, selection, name, categories, of_terms)


def colors_by_terms(
    source: Source, selection: Selection, columns: Sequence[ColumnInfo]
) -> tuple[dict[str, ColorsOfLabels], tuple[Finding, ...]]:
    """Colours of those columns that have none in uns but by their terms, by column; and findings."""
    found, findings = {}, list[Finding]()
    for info in columns:
        if info.kind != "category" or source.uns_colors(info.name) is not None:
            continue
        categories = source.obs_column(info.name, 0, min(1, source.catalog.n_cells)).categories
        resolved = resolve_colors(source, selection, info.name, categories)
        findings += resolved.findings
        if resolved.colors is not None:
            found[info.name] = resolved.colors
    return found, tuple(findings)


def _is_category(source: Source, name: str) -> bool:
    return any(each.name == name and each.kind == "category" for each in source.catalog.obs)


def _of_labels(
    source: Source, selection: Selection, name: str, labels: Categories, stored: Colors
) -> ColumnColors:
    """Assign the colour of each term to its label."""
    terms = f"{name}{_TERMS}"
    key = f"{terms}_colors"
    of_terms = _usable(key, stored, source.obs_column(terms, 0, 1).categories or ())
    if of_terms.colors is None:
        return of_terms
    term_of = _terms_of_labels(source, selection, name, terms, labels)
    if term_of is None:
        return _unused(key, f"a label of {name!r} stands for several terms")
    colors = tuple(NO_COLOR if term is None else of_terms.colors[term] for term in term_of)
    return ColumnColors(colors, key, of_terms.findings)


def _terms_of_labels(
    source: Source, selection: Selection, name: str, terms: str, labels: Categories
) -> list[int | None] | None:
    """The term of each label, None for one without a cell; None if a label has several. Streams."""
    found: list[int | None] = [None] * len(labels)
    for first, end, offsets in tiles(selection, 0, selection.n_cells):
        columns = [source.obs_column(each, first, end) for each in (name, terms)]
        label, term = (each if offsets is None else each.rows(offsets) for each in columns)
        codes = np.stack([codes_of(label, labels), term.values.astype(np.int32)])
        for at, to in np.unique(codes[:, (codes >= 0).all(axis=0)], axis=1).T.tolist():
            if found[at] not in (None, to):
                return None
            found[at] = to
    return found


def _misshapen(source: Source, key: str) -> ColumnColors | None:
    """A finding about an array of more than two axes, which is no list of colours."""
    shape = dict(source.catalog.uns).get(key, ())
    if len(shape) <= 2:
        return None
    return _unused(key, f"it must be a list, or a table with a row for each category, got the shape {shape}")


def _usable(key: str, stored: Colors, categories: Categories) -> ColumnColors:
    colors, bad = category_colors(stored, categories)
    if colors is None:
        n_known = len(stored) if not bad else 0
        why = (
            f"{counted(n_known, 'colour')} for {counted(len(categories), 'category')}"
            if not bad
            else "none of its values is a colour"
        )
        return _unused(key, why)
    if not bad:
        return ColumnColors(colors, key)
    given = stored if isinstance(stored, Mapping) else dict(zip(categories, stored, strict=False))
    named = [
        f"{category!r} ({given[category]!r:.40})" if category in given else repr(category) for category in bad
    ]
    listed = ", ".join(named[:_SHOWN]) + (f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")
    text = f"uns[{key!r}] has no known colour for {listed}, drawn grey"
    return ColumnColors(colors, key, (Finding("colors-unknown", text),))


def _unused(key: str, why: str) -> ColumnColors:
    return ColumnColors(findings=(Finding("colors-unused", f"uns[{key!r}] is not used: {why}"),))
