"""Columns of whole numbers that are labels, such as clusters: found, counted, and read as categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.formats.left_out import name_some
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.obs_columns.names import label_of, number_of, passed_over
from karospace_stream.select.suggest import not_there
from karospace_stream.units import counted

#: The most labels of a column that nobody has named, and of one that the user has.
MOST_LABELS, MOST_NAMED_LABELS = 100, 4_096
_FEWEST = 2
_NAMED = 3


@dataclass(frozen=True, slots=True)
class NumberColumns:
    """Columns whose numbers are labels, and the labels of each, sorted."""

    labels: dict[str, tuple[int, ...]]

    def of(self, source: Source) -> Source:
        """The source with these columns as categories."""
        return source.with_labels(self.labels) if self.labels else source

    def taken(self) -> Iterator[Finding]:
        """Findings if they are categories in the export."""
        if self.labels:
            yield Finding("numbers-as-labels", f"{self._say()}, shown as categories", "as_labels", ("none",))

    def not_taken(self) -> Iterator[Finding]:
        """Findings if they stay numbers."""
        if self.labels:
            names = tuple(self.labels)
            yield Finding("labels-as-numbers", f"{self._say()}, shown as numbers", "as_labels", names)

    def _say(self) -> str:
        names = list(self.labels)
        if len(names) == 1:
            return (
                f"{names[0]} holds whole numbers, {counted(len(self.labels[names[0]]), 'label')} by its name"
            )
        return f"{name_some(names, _NAMED)} hold whole numbers, labels by their names"


def promises_labels(info: ColumnInfo) -> bool:
    """Whether a column of whole numbers is called like labels: ``leiden``, ``seurat_clusters``."""
    name = info.name
    is_label = label_of(name) is not None and number_of(name) is None and not passed_over(name)
    return info.kind == "integer" and is_label


def named_labels(source: Source, options: ExportOptions, selection: Selection) -> NumberColumns:
    """Columns that the user names, with their labels. Reads them.

    Raises
    ------
    BadOptionError
        If one of them is missing or not exported, holds anything but whole numbers, or has too many.
    """
    named = () if options.as_labels in (None, ("none",)) else options.as_labels or ()
    _check_named(source.catalog, options, named)
    found = {}
    for name in named:
        labels = distinct_numbers(source, selection, name, MOST_NAMED_LABELS)
        if labels is None:
            raise BadOptionError(
                f"--as-labels: {name!r} must have at most {MOST_NAMED_LABELS:,} different values, got more"
            )
        found[name] = labels
    return NumberColumns(found)


def _check_named(catalog: Catalog, options: ExportOptions, named: Sequence[str]) -> None:
    kinds = {each.name: each.kind for each in catalog.obs}
    missing = [name for name in named if name not in kinds]
    if missing:
        raise BadOptionError(not_there("obs column", missing, list(kinds), option="--as-labels"))
    for name in named:
        if kinds[name] != "integer":
            raise BadOptionError(f"--as-labels: {name!r} must hold whole numbers, got {kinds[name]}")
        if options.anno not in (None, ("all",)) and name not in (options.anno or ()):
            raise BadOptionError(f"--as-labels: {name!r} is not exported; name it with --anno too")


def likely_labels(source: Source, selection: Selection, names: Sequence[str]) -> NumberColumns:
    """Those among some columns that are labels by their names and their number of values. Reads them."""
    wanted = set(names)
    found = {}
    with source.kept_open():
        for info in source.catalog.obs:
            if info.name in wanted and promises_labels(info):
                labels = distinct_numbers(source, selection, info.name, MOST_LABELS)
                if labels is not None and len(labels) >= _FEWEST:
                    found[info.name] = labels
    return NumberColumns(found)


def distinct_numbers(source: Source, selection: Selection, name: str, most: int) -> tuple[int, ...] | None:
    """Sorted distinct values of the exported cells; None if there are more than ``most``."""
    seen: set[int] = set()
    for tile in read_column(source, selection, name, 0, selection.n_cells):
        values = tile.values if tile.missing is None else tile.values[~tile.missing]
        seen.update(np.unique(values).tolist())
        if len(seen) > most:
            return None
    return tuple(sorted(seen))
