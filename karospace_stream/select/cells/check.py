"""Check an expression against the columns that there are: their names, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories
from karospace_stream.model.finding import Finding
from karospace_stream.select.cells.expression import (
    Among,
    Compare,
    CompareColumns,
    Expression,
    Flag,
    Missing,
    Value,
    leaves_of,
    names_of,
)
from karospace_stream.select.suggest import not_there
from karospace_stream.similar.names import did_you_mean, similar_names

#: Stands for the names of the cells, unless a column of obs is called so.
OBS_NAMES = ("obs_names", "index")
_HOLDS = {"integer": "numbers", "float": "numbers", "bool": "true and false", "string": "text"}


def check_names(expression: Expression, obs: Sequence[ColumnInfo]) -> dict[str, ColumnInfo]:
    """The columns that an expression looks at; ``obs_names`` is described as a column of text.

    Raises
    ------
    BadOptionError
        If one does not exist.
    """
    known = {name: ColumnInfo(name, "string", "str") for name in OBS_NAMES}
    known |= {info.name: info for info in obs}
    missing = [name for name in names_of(expression) if name not in known]
    if missing:
        raise BadOptionError(not_there("obs column", missing, list(known), option="--where"))
    return {name: known[name] for name in names_of(expression)}


def check_where(
    expression: Expression, infos: Mapping[str, ColumnInfo], categories: Mapping[str, Categories]
) -> list[Finding]:
    """Findings about categories that do not exist.

    Raises
    ------
    BadOptionError
        If values are compared that cannot be; names the column and what it holds.
    """
    found = []
    for leaf in leaves_of(expression):
        info, known = infos[leaf.name], categories.get(leaf.name)
        if isinstance(leaf, CompareColumns):
            _check_columns(leaf, info, infos[leaf.other])
        elif isinstance(leaf, Flag):
            if info.kind != "bool":
                raise BadOptionError(
                    f"--where: {leaf.name!r} alone must be a column of true and false, but holds "
                    f"{_holds(info, known)}; compare it with a value"
                )
        elif not isinstance(leaf, Missing):
            found += _check_values(leaf, info, known)
    return found


def _check_values(leaf: Compare | Among, info: ColumnInfo, known: Categories | None) -> list[Finding]:
    values = leaf.values if isinstance(leaf, Among) else (leaf.value,)
    for value in values:
        if not _fits(value, info, known):
            is_text = isinstance(value, str)
            raise BadOptionError(
                f"--where: the column {leaf.name!r} holds {_holds(info, known)}, which cannot be compared "
                f"with the {'text' if is_text else 'number'} {value!r}; write it "
                f"{'without' if is_text else 'in'} quotes if that is meant"
            )
    if isinstance(leaf, Compare) and leaf.operator not in ("==", "!="):
        _check_order(leaf, info, known)
    if known is None or info.kind != "category":
        return []
    return [each for value in values for each in _about_category(leaf, value, known)]


def _fits(value: Value, info: ColumnInfo, known: Categories | None) -> bool:
    if info.kind == "category":
        return isinstance(value, str) or (known is not None and known.values.dtype != object)
    return isinstance(value, str) == (info.kind == "string")


def _check_order(leaf: Compare, info: ColumnInfo, known: Categories | None) -> None:
    if info.kind == "string" or (known is not None and not known.ordered):
        raise BadOptionError(
            f"--where: the column {leaf.name!r} holds {_holds(info, known)} without an order, so "
            f"{leaf.operator} has no meaning; use ==, !=, in or not in"
        )
    if known is not None and leaf.value not in _texts(known, leaf.value):
        raise BadOptionError(
            f"--where: {leaf.name!r} has no category {leaf.value!r} to compare with"
            + _meant(leaf.value, known)
        )


def _check_columns(leaf: CompareColumns, info: ColumnInfo, other: ColumnInfo) -> None:
    texts = [each.kind in ("string", "category") for each in (info, other)]
    if texts[0] != texts[1]:
        raise BadOptionError(
            f"--where: {leaf.name!r} holds {_holds(info, None)} and {leaf.other!r} {_holds(other, None)}, "
            "which cannot be compared; texts go in quotes"
        )
    if texts[0] and leaf.operator not in ("==", "!="):
        raise BadOptionError(
            f"--where: {leaf.name!r} and {leaf.other!r} hold text, for which {leaf.operator} has no meaning; "
            "use == or !="
        )


def _about_category(leaf: Compare | Among, value: Value, known: Categories) -> list[Finding]:
    if value in _texts(known, value):
        return []
    text = f"where: {leaf.name!r} has no category {value!r}{_meant(value, known)}"
    return [Finding("where-value", text, "where")]


def _texts(known: Categories, value: Value) -> list[object]:
    if isinstance(value, str):
        return [str(each) for each in known.values.tolist()]
    values: list[object] = known.values.tolist()
    return values


def _meant(value: Value, known: Categories) -> str:
    return did_you_mean(similar_names(str(value), [str(each) for each in known.values.tolist()]))


def _holds(info: ColumnInfo, known: Categories | None) -> str:
    if info.kind != "category":
        return _HOLDS[info.kind]
    numeric = known is not None and np.issubdtype(known.values.dtype, np.number)
    return "categories that are numbers" if numeric else "categories"
