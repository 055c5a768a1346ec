"""Data frames (obs, var, raw.var): an index and named columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories, Column
from karospace_stream.source.elements.attributes import (
    encoding_type,
    flag_attribute,
    text_attribute,
    text_attributes,
)
from karospace_stream.source.elements.columns import (
    CategoricalElement,
    Categorised,
    Element,
    Wrap,
    categories_of,
    checked,
    resolve_element,
)
from karospace_stream.source.elements.members import member
from karospace_stream.source.elements.original_names import original_names
from karospace_stream.source.elements.seuratdisk import unlinked_labels
from karospace_stream.source.problems.damage import damage_of
from karospace_stream.source.problems.unreadable import Unreadable, optional
from karospace_stream.units import counted


@dataclass(frozen=True, slots=True)
class Frame:
    """A data frame that is read by column and row range.

    Attributes
    ----------
    key
        ``"obs"``, ``"var"``, ``"raw/var"``.
    index
        Names of the rows.
    columns
        In the frame's order.
    """

    key: str
    n_rows: int
    index: Element
    columns: Mapping[str, Element]

    def infos(self) -> tuple[ColumnInfo, ...]:
        """Catalog entries of the columns, in the frame's order."""
        return tuple(element.info(name) for name, element in self.columns.items())

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read rows of one column.

        Raises
        ------
        BadInputError
            If there is no such column, or it is damaged.
        """
        element = self._column(name)
        with damage_of(f"{self.key}/{name}"):
            return element.read(name, start, stop)

    def categories(self, name: str) -> Categories:
        """Category names of a column.

        Raises
        ------
        BadInputError
            If there is no such column.
        TypeError
            If it is no category.
        """
        column = self._column(name)
        if not isinstance(column, Categorised):
            raise TypeError(f"{self.key}/{name} has no categories")
        with damage_of(f"{self.key}/{name}"):
            return column.whole_categories()

    def _column(self, name: str) -> Element:
        if name not in self.columns:
            known = ", ".join(list(self.columns)[:10]) or "none"
            raise BadInputError(f"{self.key} has no column {name!r}; it has {known}")
        return self.columns[name]


def resolve_frame(group: Any, key: str, wrap: Wrap, unreadable: Unreadable) -> Frame:
    """Describe a data frame group of anndata 0.7 and later; columns that do not fit are skipped."""
    if encoding_type(group) not in ("", "dataframe"):
        raise BadInputError(f"its encoding-type must be 'dataframe', got {encoding_type(group)!r}")
    index_key = _index_key(group, key)
    names = text_attributes(group, "column-order")
    if "column-order" not in group.attrs:
        names = [name for name in group if name not in (index_key, "__categories")]
    index = resolve_element(group[index_key], wrap)
    called = original_names(group)
    elements: dict[str, Element] = {}
    for name in names:
        with optional(unreadable, f"{key}/{name}"):
            elements[called.get(name, name)] = _resolve_column(group, name, wrap)
    return Frame(key, index.n_rows, index, keep_length(elements, index.n_rows, key, unreadable))


def _index_key(group: Any, key: str) -> str:
    if "_index" in group.attrs:
        name = text_attribute(group, "_index")
        if name and name in group:
            return name
        member(group, name)  # raises for a dangling link
        raise BadInputError(
            f"the attribute _index of {key} must name the array with the names of its rows, got {name!r}, "
            "which does not exist; correct the attribute"
        )
    for name in ("_index", "index"):
        if name in group:
            return name
    raise BadInputError(f"{key} has no index of names; the file is damaged or was not written by anndata")


def _resolve_column(group: Any, name: str, wrap: Wrap) -> Element:
    if name not in group:
        member(group, name)  # raises for a dangling link
        raise BadInputError("column-order names it, but the file does not contain it")
    node = group[name]
    if not hasattr(node, "shape"):
        return resolve_element(node, wrap)
    if "categories" not in node.attrs:
        return unlinked_labels(group, name, wrap) or resolve_element(node, wrap)
    # anndata 0.7.0 to 0.7.x: codes that point to a list in the group __categories.
    target = node.attrs["categories"]
    is_path = isinstance(target, str | bytes)
    categories = group[text_attribute(node, "categories").removeprefix("/") if is_path else target]
    ordered = flag_attribute(categories, "ordered")
    return checked(CategoricalElement(wrap(node), categories_of(categories, wrap), ordered))


def keep_length(
    elements: Mapping[str, Element], n_rows: int, key: str, unreadable: Unreadable
) -> dict[str, Element]:
    """Pass over the columns that have another length than the frame."""
    kept = {}
    for name, element in elements.items():
        if element.n_rows == n_rows:
            kept[name] = element
        else:
            unreadable.append(
                (f"{key}/{name}", f"it has {counted(element.n_rows, 'row')}, but {key} has {n_rows}")
            )
    return kept
