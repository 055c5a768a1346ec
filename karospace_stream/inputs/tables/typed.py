"""Columns of a table, typed by their values: true and false, whole numbers, numbers, or text.

The same rules wherever the values are from, and however many rows are read at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Texts that stand for no value: those of `pandas.read_csv`.
MISSING = frozenset(
    (
        *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
        *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
    )
)
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_BOOLS = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
_DIGITS = "(?:0|[1-9][0-9]*)"  # with leading zeros it is a name, such as 007
_SURE_DIGITS = 18  # of whole numbers that fit 64 bits
_PATTERNS = {
    "bool": "|".join(_BOOLS),
    "integer": rf" *[+-]?{_DIGITS} *",
    "float": rf" *[+-]?(?:(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[Ii]nf(?:inity)?) *",
}
_DTYPES = {"bool": np.bool_, "integer": np.int64, "float": np.float64}
_LINES = {kind: re.compile(rf"(?>(?:{pattern})\n)*+") for kind, pattern in _PATTERNS.items()}

#: The value of each row, as a number in a list of values; -1 where there is none.
Coded = tuple[npt.NDArray[np.signedinteger[Any]], "list[str] | npt.NDArray[Any]"]


class TypedColumn:
    """Takes the values of a column as text, some rows at a time, and finds their type.

    Numbers that hardly repeat are held as numbers, not as text.

    Parameters
    ----------
    is_text
        Whether the column is text whatever it holds.

    Attributes
    ----------
    lost
        Whether text was given up because it looked like numbers, and a later row shows that it is none: the
        column must be read again as text.
    """

    def __init__(self, *, is_text: bool = False) -> None:
        self._may = [] if is_text else list(_PATTERNS)
        self._parts: list[Coded] = []
        self.lost = False

    def add(self, values: Sequence[str | None]) -> None:
        """Take the values of further rows; None is a missing one."""
        codes, names = _without_missing(*pd.factorize(np.array(values, object)))
        self._may = [kind for kind in self._may if _are_all(names, kind)]
        found: list[str] | npt.NDArray[Any] = names
        if self._may and "bool" not in self._may and 2 * len(names) > len(values):
            found = _converted(names, self._may[0])
        self._parts.append((codes.astype(np.min_scalar_type(-len(names) - 1)), found))
        self.lost = not self._may and any(isinstance(found, np.ndarray) for _, found in self._parts)

    def finish(self) -> pd.Series[Any]:
        """All values: bool, int64 or float64, nullable ones if some are missing, or text.

        Text is a category if any value is there twice, with its names sorted.
        """
        if not self._may:
            return text_column([(codes, list(found)) for codes, found in self._parts])
        kind = self._may[0] if any(len(found) for _, found in self._parts) else "float"
        values: npt.NDArray[Any] = np.zeros(sum(len(codes) for codes, _ in self._parts), _DTYPES[kind])
        missing, start = np.zeros(len(values), bool), 0
        for codes, found in self._parts:
            rows = slice(start, start := start + len(codes))
            numbers = _converted(found, kind) if isinstance(found, list) else found
            values[rows] = np.append(numbers.astype(values.dtype), values.dtype.type(0))[codes]
            missing[rows] = codes < 0
        return number_column(values, missing)


def number_column(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_]) -> pd.Series[Any]:
    """A column of numbers, or of true and false; nullable if there is no other way to mark missing values."""
    if values.dtype.kind == "f":
        values = np.where(missing, values.dtype.type(np.nan), values)
    elif missing.any():
        array = pd.arrays.BooleanArray if values.dtype.kind == "b" else pd.arrays.IntegerArray
        return pd.Series(array(values, missing))
    return pd.Series(values)


def text_column(
    parts: Sequence[tuple[npt.NDArray[Any], list[str]]], *, is_category: bool = False, ordered: bool = False
) -> pd.Series[Any]:
    """A column of text; a category if any value is there twice.

    Parameters
    ----------
    is_category
        Whether it is one anyway, whose names keep their order.
    """
    number: dict[str, int] = {}
    merged = []
    for codes, names in parts:
        places = [number.setdefault(name, len(number)) for name in names]
        merged.append(np.array([*places, -1], np.int32)[codes])
    codes = np.concatenate(merged) if merged else np.zeros(0, np.int32)
    if not is_category and len(number) == np.count_nonzero(codes >= 0):
        return pd.Series(np.array([*number, None], object)[codes], dtype=object)
    order = list(number) if is_category else sorted(number)
    ranks = np.empty(len(order) + 1, np.int32)
    ranks[[number[name] for name in order]] = np.arange(len(order))
    ranks[-1] = -1
    dtype = pd.CategoricalDtype(pd.Index(order, dtype=object), ordered)
    return pd.Series(pd.Categorical.from_codes(ranks[codes], dtype=dtype))


def _without_missing(codes: npt.NDArray[Any], found: Any) -> tuple[npt.NDArray[Any], list[str]]:
    """Give missing values the code -1."""
    names: list[str] = list(found)
    if MISSING.isdisjoint(names):
        return codes, names
    there = [name for name in names if name not in MISSING]
    number = {name: at for at, name in enumerate(there)}
    return np.array([*(number.get(name, -1) for name in names), -1], np.int64)[codes], there


def _are_all(names: list[str], kind: str) -> bool:
    """Whether all texts are of a kind."""
    lines = "\n".join([*names, ""])
    if lines.count("\n") != len(names) or _LINES[kind].fullmatch(lines) is None:
        return False
    if kind == "integer" and max(map(len, names), default=0) > _SURE_DIGITS:
        limits = np.iinfo(np.int64)
        return all(limits.min <= int(name) <= limits.max for name in names)
    return True


def _converted(names: list[str], kind: str) -> npt.NDArray[Any]:
    converters: dict[str, Callable[[str], Any]] = {
        "bool": _BOOLS.__getitem__,
        "integer": int,
        "float": float,
    }
    convert = converters[kind]
    return np.array([convert(name) for name in names], _DTYPES[kind])
