"""Columns with one value for each input: its name, and what a list of inputs says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.columns.elements import FileLabels
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.inputs.named import NamedInput
from karospace_stream.inputs.tables.typed import MISSING, TypedColumn
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.column import Column
from karospace_stream.source.elements.columns import Element

#: What a batch column holds.
NAMES_OF_INPUTS = "the names of the inputs"

_KINDS: dict[str, ColumnKind] = {"b": "bool", "i": "integer", "f": "float"}
_DTYPES = {"bool": np.dtype(bool), "integer": np.dtype(np.int64)}


@dataclass(frozen=True, slots=True, eq=False)
class FileValues:
    """A column of numbers, or of true and false, with one value for each input.

    Attributes
    ----------
    missing
        Of each input; its value is NaN among floats.
    """

    values: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_]
    stack: Stack
    kind: ColumnKind

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.stack.n_rows

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, self.kind, str(self.values.dtype))

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; see the protocol."""
        which = np.empty(stop - start, np.intp)
        for number, first, last in self.stack.within(start, stop):
            at = int(self.stack.starts[number]) + first - start
            which[at : at + last - first] = number
        missing = self.missing[which]
        has_gaps = self.kind != "float" and bool(missing.any())
        return Column(name, self.kind, self.values[which], missing if has_gaps else None)


def listed_columns(inputs: Sequence[NamedInput], stack: Stack) -> dict[str, Element]:
    """What a list of inputs says about them, with the types that a table has."""
    names = dict.fromkeys(name for each in inputs for name in each.columns)
    return {name: _typed([each.columns.get(name) for each in inputs], stack) for name in names}


def listed_replaces(
    inputs: Sequence[NamedInput], batch_column: str | None, held: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """``(what, by what)``: columns of obs, and of a list, that others of the same name replace."""
    names = dict.fromkeys(name for each in inputs for name in each.columns)
    found = [(f"obs[{name!r}] of the inputs", "that of the list") for name in names if name in held]
    if batch_column is not None and (batch_column in names or batch_column in held):
        owner = "the list" if batch_column in names else "the inputs"
        found.append((f"obs[{batch_column!r}] of {owner}", NAMES_OF_INPUTS))
    return found


def labels(values: Sequence[str | None], stack: Stack) -> FileLabels:
    """A category for each input; inputs with the same value share it."""
    position: dict[str, int] = {}
    codes = [-1 if value is None else position.setdefault(value, len(position)) for value in values]
    return FileLabels(np.array(codes, np.int32), stack, tuple(position))


def _typed(values: Sequence[str | None], stack: Stack) -> Element:
    column = TypedColumn()
    column.add(values)
    typed = column.finish()
    kind = _KINDS.get(typed.dtype.kind)
    if kind is None:
        return labels([None if value is None or value in MISSING else value for value in values], stack)
    missing = typed.isna().to_numpy()
    plain = typed.to_numpy() if kind == "float" else typed.to_numpy(_DTYPES[kind], na_value=False)
    return FileValues(plain, missing, stack, kind)
