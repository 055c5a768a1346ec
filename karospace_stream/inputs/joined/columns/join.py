"""Join the columns of several data frames, as ``anndata.concat`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karospace_stream.inputs.joined.columns.categories import join_categories
from karospace_stream.inputs.joined.columns.elements import JoinedValues, all_missing
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Categories
from karospace_stream.options.general.joining import Join
from karospace_stream.source.elements.columns import Element, NullableElement
from karospace_stream.source.elements.frames import Frame


@dataclass(slots=True)
class ColumnsJoin:
    """The joined columns, and what became of the others.

    Attributes
    ----------
    conflicts
        ``(column, why)`` of those that do not fit together.
    left_out
        Columns that only some inputs have.
    """

    columns: dict[str, Element] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FrameParts:
    """The data frame of each input, what is known of its categories, and what the inputs are called."""

    keys: Sequence[str]
    frames: Sequence[Frame]
    categories: Sequence[dict[str, Categories]]
    stack: Stack


def wanted_columns(frames: Sequence[Frame], join: Join) -> list[str]:
    """Columns of all inputs, or of any, in the order in which they come."""
    every = list(dict.fromkeys(name for frame in frames for name in frame.columns))
    if join == "outer":
        return every
    return [name for name in every if all(name in frame.columns for frame in frames)]


def read_categories(frame: Frame, names: Sequence[str]) -> dict[str, Categories]:
    """Categories of some columns of one input."""
    return {
        name: frame.categories(name)
        for name in names
        if name in frame.columns and frame.columns[name].info(name).kind == "category"
    }


def join_columns(given: FrameParts, join: Join) -> ColumnsJoin:
    """Join all columns that the inputs have in common, or each that one of them has."""
    made = ColumnsJoin()
    wanted = wanted_columns(given.frames, join)
    every = dict.fromkeys(name for frame in given.frames for name in frame.columns)
    made.left_out = [name for name in every if name not in set(wanted)]
    for name in wanted:
        joined = _join(name, given)
        if isinstance(joined, str):
            made.conflicts.append((name, joined))
        else:
            made.columns[name] = joined
    return made


def _join(name: str, given: FrameParts) -> Element | str:
    """One column, or why its parts do not fit together."""
    parts = [frame.columns.get(name) for frame in given.frames]
    infos = [None if part is None else part.info(name) for part in parts]
    own = [categories.get(name) for categories in given.categories]
    kinds = [_kind(info, each) for info, each in zip(infos, own, strict=True)]
    if len({_FAMILY[kind] for kind in kinds if kind}) > 1:
        # pandas writes a column without any value as numbers, whatever the others hold.
        for number, part in enumerate(parts):
            if kinds[number] == "float" and part is not None and all_missing(part):
                parts[number], infos[number], kinds[number] = None, None, ""
    families = {_FAMILY[kind] for kind in kinds if kind} - {"nothing"}
    if len(families) > 1:
        return _conflict(given.keys, kinds)
    if families & {"number", "boolean"}:
        # Categories of which there are none: all values are missing, whatever the others hold.
        for number in (number for number, kind in enumerate(kinds) if kind == "no categories"):
            parts[number], infos[number] = None, None
    note = next((info.note for info in infos if info is not None and info.note), "")
    if all(info is None or info.kind == "category" for info in infos):
        joined = join_categories(parts, own, given.stack, note)
        if joined is not None:
            return joined
        return JoinedValues(tuple(parts), given.stack, "string", np.dtype(object), note)
    return _values(parts, infos, given.stack, families, note)


def _values(
    parts: Sequence[Element | None],
    infos: Sequence[ColumnInfo | None],
    stack: Stack,
    families: set[str],
    note: str,
) -> JoinedValues:
    """Text, booleans or numbers; whole numbers with missing ones are floats, as pandas has them."""
    if families <= {"text", "nothing"}:
        return JoinedValues(tuple(parts), stack, "string", np.dtype(object), note)
    if families == {"boolean"}:
        return JoinedValues(tuple(parts), stack, "bool", np.dtype(bool), note)
    dtype: np.dtype[Any] = np.result_type(*(np.dtype(info.dtype) for info in infos if info is not None))
    nullable = any(isinstance(part, NullableElement) for part in parts)
    if dtype.kind in "iu" and not nullable and any(part is None for part in parts):
        dtype = np.dtype(np.float64)
    return JoinedValues(tuple(parts), stack, "float" if dtype.kind == "f" else "integer", dtype, note)


_FAMILY = {
    "category": "text",
    "categories of numbers": "numbers in categories",
    "categories of booleans": "booleans in categories",
    "no categories": "nothing",
    "string": "text",
    "bool": "boolean",
    "integer": "number",
    "float": "number",
}
_SHOWN = {
    "category": "text",
    "string": "text",
    "bool": "true or false",
    "integer": "numbers",
    "float": "numbers",
}


def _kind(info: ColumnInfo | None, categories: Categories | None) -> str:
    if info is None:
        return ""
    if info.kind != "category" or categories is None:
        return info.kind
    if not len(categories.values):
        return "no categories"
    kind = categories.values.dtype.kind
    return "category" if kind == "O" else "categories of booleans" if kind == "b" else "categories of numbers"


def _conflict(keys: Sequence[str], kinds: Sequence[str]) -> str:
    first = next(number for number, kind in enumerate(kinds) if kind and _FAMILY[kind] != "nothing")
    other = next(
        number
        for number, kind in enumerate(kinds)
        if kind and _FAMILY[kind] not in (_FAMILY[kinds[first]], "nothing")
    )
    one, two = (_SHOWN.get(kinds[number], kinds[number]) for number in (first, other))
    return f"it holds {one} in {keys[first]} and {two} in {keys[other]}"
