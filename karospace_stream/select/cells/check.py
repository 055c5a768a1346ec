"""Check an expression against the columns that there are: their names, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
_SHOWN = 3  # unknown categories of a column
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
    unknown: dict[str, dict[Value, None]] = {}
    for leaf in leaves_of(expression):
        info, known = infos[leaf.name], categories.get(leaf.name)
        if isinstance(leaf, CompareColumns):
            _check_columns(leaf, infos, categories)
        elif isinstance(leaf, Flag):
            if info.kind != "bool":
                raise BadOptionError(
                    f"--where: {leaf.name!r} alone must be a column of true and false, but holds "
                    f"{_holds(info, known)}; compare it with a value"
                )
        elif not isinstance(leaf, Missing):
            for value in _check_values(leaf, info, known):
                unknown.setdefault(leaf.name, {})[value] = None
    return [each for name, some in unknown.items() for each in _about(name, list(some), categories[name])]


def _check_values(leaf: Compare | Among, info: ColumnInfo, known: Categories | None) -> list[Value]:
    """The values that are no category of the column."""
    values = leaf.values if isinstance(leaf, Among) else (leaf.value,)
    for value in values:
        if not _fits(value, info, known):
            is_text = isinstance(value, str)
            kind = "text" if is_text else "truth value" if isinstance(value, bool) else "number"
            how = "without" if is_text else "in"
            raise BadOptionError(
                f"--where: the column {leaf.name!r} holds {_holds(info, known)}, which cannot be compared "
                f"with the {kind} {value!r:.200}; write it {how} quotes if that is meant"
            )
    if isinstance(leaf, Compare) and leaf.operator not in ("==", "!="):
        _check_order(leaf, info, known)
    if known is None or info.kind != "category":
        return []
    there = set(known.values.tolist())
    return [value for value in values if value not in there]


def _fits(value: Value, info: ColumnInfo, known: Categories | None) -> bool:
    return isinstance(value, str) == _is_text(info, known)


def _is_text(info: ColumnInfo, known: Categories | None) -> bool:
    if info.kind == "category":
        return known is None or known.values.dtype == object
    return info.kind == "string"


def _check_order(leaf: Compare, info: ColumnInfo, known: Categories | None) -> None:
    if info.kind == "string" or (known is not None and not known.ordered):
        raise BadOptionError(
            f"--where: the column {leaf.name!r} holds {_holds(info, known)} without an order, so "
            f"{leaf.operator} has no meaning; use ==, !=, in or not in"
        )
    if known is not None and leaf.value not in known.values.tolist():
        raise BadOptionError(
            f"--where: {leaf.name!r} has no category {leaf.value!r} to compare with"
            + _meant(leaf.value, known)
        )


def _check_columns(
    leaf: CompareColumns, infos: Mapping[str, ColumnInfo], categories: Mapping[str, Categories]
) -> None:
    names = leaf.name, leaf.other
    of_text = [infos[name].kind in ("string", "category") for name in names]
    if of_text[0] != of_text[1] or len({_is_text(infos[name], categories.get(name)) for name in names}) > 1:
        one, other = (_holds(infos[name], categories.get(name)) for name in names)
        raise BadOptionError(
            f"--where: {leaf.name!r} holds {one} and {leaf.other!r} {other}, which cannot be compared; texts "
            "go in quotes"
        )
    if of_text[0] and leaf.operator not in ("==", "!="):
        raise BadOptionError(
            f"--where: {leaf.name!r} and {leaf.other!r} hold text, for which {leaf.operator} has no meaning; "
            "use == or !="
        )


def _about(name: str, unknown: Sequence[Value], known: Categories) -> list[Finding]:
    """Findings about the categories that a column lacks; one for all if there are many."""
    start = f"where: {name!r} has no category "
    if len(unknown) <= _SHOWN:
        return [
            Finding("where-value", f"{start}{value!r}{_meant(value, known)}", "where") for value in unknown
        ]
    shown = ", ".join(f"{value!r:.60}" for value in unknown[:_SHOWN])
    return [Finding("where-value", f"{start}{shown} and {len(unknown) - _SHOWN:,} more", "where")]


def _meant(value: Value, known: Categories) -> str:
    return did_you_mean(similar_names(str(value), [str(each) for each in known.values.tolist()]))


def _holds(info: ColumnInfo, known: Categories | None) -> str:
    if info.kind != "category":
        return _HOLDS[info.kind]
    if known is None or known.values.dtype == object:
        return "categories"
    return f"categories that are {'true and false' if known.values.dtype == bool else 'numbers'}"
