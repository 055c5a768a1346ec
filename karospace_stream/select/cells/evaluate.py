"""Evaluate an expression for a range of cells: what `pandas.DataFrame.query` selects.

A missing value is never equal, smaller or larger, so ``!=`` holds for it. For whole numbers and booleans with
a mask, as pandas' nullable types have, every comparison is undecided, and so is its opposite.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.column import Categories, Column
from karospace_stream.select.cells.expression import (
    Among,
    Compare,
    CompareColumns,
    Every,
    Expression,
    Flag,
    Leaf,
    Missing,
    Not,
    Some,
    Value,
)

Flags = npt.NDArray[np.bool_]
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """For each cell whether it holds, and whether that is undecided; never both."""

    yes: Flags
    undecided: Flags

    def __invert__(self) -> Truth:
        return Truth(~self.yes & ~self.undecided, self.undecided)

    def __and__(self, other: Truth) -> Truth:
        yes = self.yes & other.yes
        no = (~self.yes & ~self.undecided) | (~other.yes & ~other.undecided)
        return Truth(yes, ~yes & ~no)

    def __or__(self, other: Truth) -> Truth:
        yes = self.yes | other.yes
        return Truth(yes, ~yes & (self.undecided | other.undecided))


def evaluate(
    expression: Expression, columns: Mapping[str, Column], categories: Mapping[str, Categories]
) -> Flags:
    """Whether each cell is selected.

    Parameters
    ----------
    expression
        One that `check_where` has passed.
    columns
        The same range of rows of every column that it looks at.
    categories
        Of those that are categories.
    """
    return _truth(expression, columns, categories).yes


def _truth(
    expression: Expression, columns: Mapping[str, Column], categories: Mapping[str, Categories]
) -> Truth:
    if isinstance(expression, Not):
        return ~_truth(expression.part, columns, categories)
    if isinstance(expression, (Every, Some)):
        first, *others = (_truth(part, columns, categories) for part in expression.parts)
        for other in others:
            first = first & other if isinstance(expression, Every) else first | other
        return first
    return _leaf(expression, columns, categories)


def _leaf(leaf: Leaf, columns: Mapping[str, Column], categories: Mapping[str, Categories]) -> Truth:
    column = columns[leaf.name]
    known = categories.get(leaf.name)
    if isinstance(leaf, CompareColumns):
        return _of_columns(leaf, column, columns[leaf.other])
    if isinstance(leaf, Missing):
        return _decided(_missing(column))
    if isinstance(leaf, Flag):
        return _masked(column.values.astype(bool), column)
    if isinstance(leaf, Among):
        found = np.zeros(len(column.values), bool)
        for values in _by_kind(leaf.values):
            found |= _among(column, known, values)
        return _decided(found & ~_missing(column))
    assert isinstance(leaf, Compare)
    if column.categories is not None:
        return _decided(_of_categories(leaf, column, known))
    return _masked(np.asarray(_OPERATORS[leaf.operator](column.values, leaf.value), bool), column)


def _of_categories(leaf: Compare, column: Column, known: Categories | None) -> Flags:
    """Compare each category once; a missing one is only unequal."""
    names = _names(column, known, leaf.value)
    if leaf.operator in ("==", "!="):
        table = np.asarray(_OPERATORS[leaf.operator](names, leaf.value), bool)
    else:
        place = int(np.flatnonzero(names == leaf.value)[0])
        table = np.asarray(_OPERATORS[leaf.operator](np.arange(len(names)), place), bool)
    return np.append(table, leaf.operator == "!=")[column.values.astype(np.intp)]


def _among(column: Column, known: Categories | None, values: list[Value]) -> Flags:
    if column.categories is None:
        return np.isin(column.values, np.array(values, object if isinstance(values[0], str) else None))
    table = np.isin(
        _names(column, known, values[0]), np.array(values, object if isinstance(values[0], str) else None)
    )
    return np.append(table, False)[column.values.astype(np.intp)]


def _names(column: Column, known: Categories | None, value: Value) -> npt.NDArray[Any]:
    """The categories as text, or for a value that is no text as they are stored."""
    if isinstance(value, str) or known is None:
        return np.array([*(column.categories or ())], object)
    return known.values


def _of_columns(leaf: CompareColumns, column: Column, other: Column) -> Truth:
    compare = _OPERATORS[leaf.operator]
    left, right = (_text_or_numbers(each) for each in (column, other))
    found = np.asarray(compare(left, right), bool)
    if left.dtype == object:
        gone = _missing(column) | _missing(other)
        return _decided(np.where(gone, leaf.operator == "!=", found))
    if column.missing is None and other.missing is None:
        return _decided(found)
    undecided = _missing(column) | _missing(other)  # pandas makes NaN one of these beside a mask
    return Truth(found & ~undecided, undecided)


def _text_or_numbers(column: Column) -> npt.NDArray[Any]:
    if column.categories is None:
        return column.values
    return np.array([*column.categories, ""], object)[column.values.astype(np.intp)]


def _masked(found: Flags, column: Column) -> Truth:
    """The result of a comparison with a value; text without a value is only unequal."""
    if column.kind == "string":
        if column.missing is None:
            return _decided(found)
        return _decided(found & ~column.missing)
    undecided = _masks(column)
    return Truth(found & ~undecided, undecided)


def _masks(column: Column) -> Flags:
    if column.missing is None or column.kind == "string":
        return np.zeros(len(column.values), bool)
    return column.missing


def _missing(column: Column) -> Flags:
    if column.categories is not None:
        return np.less(column.values.astype(np.int64), 0)
    if column.missing is not None:
        return column.missing
    if column.kind == "float":
        return np.isnan(column.values.astype(np.float64))
    return np.zeros(len(column.values), bool)


def _decided(found: Flags) -> Truth:
    return Truth(found, np.zeros(len(found), bool))


def _by_kind(values: tuple[Value, ...]) -> list[list[Value]]:
    """Values of a list that compare in the same way: texts, whole numbers, others."""
    kinds: dict[str, list[Value]] = {}
    for value in values:
        kind = "text" if isinstance(value, str) else "other" if isinstance(value, float) else "whole"
        kinds.setdefault(kind, []).append(value)
    return list(kinds.values())
