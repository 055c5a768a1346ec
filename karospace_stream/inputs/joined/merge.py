"""What becomes of values that belong to all cells, where several inputs have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from karospace_stream.model.column import Column
from karospace_stream.options.general.joining import Merge

T = TypeVar("T")


def choose(
    held: Sequence[Mapping[str, T]], merge: Merge, are_equal: Callable[[str, T, T], bool]
) -> tuple[dict[str, int], list[str]]:
    """The input from which each entry is taken.

    Returns
    -------
    The number of the input, by key, and the keys of entries that are left out because inputs disagree.

    Parameters
    ----------
    held
        The entries of each input.
    merge
        ``same``: entries that all inputs have, with one value. ``unique``: entries with one value. ``first``:
        the first value. ``only``: entries of a single input.
    are_equal
        Whether two values of a key are the same.
    """
    taken: dict[str, int] = {}
    left: list[str] = []
    for key in dict.fromkeys(key for each in held for key in each):
        having = [number for number, each in enumerate(held) if key in each]
        if _is_taken(key, held, having, merge, are_equal):
            taken[key] = having[0]
        else:
            left.append(key)
    return taken, left


def _is_taken(
    key: str,
    held: Sequence[Mapping[str, T]],
    having: Sequence[int],
    merge: Merge,
    are_equal: Callable[[str, T, T], bool],
) -> bool:
    if merge == "none":
        return False
    if merge == "only":
        return len(having) == 1
    if merge == "same" and len(having) < len(held):
        return False
    if merge == "first":
        return True
    first = held[having[0]][key]
    return all(are_equal(key, first, held[number][key]) for number in having[1:])


def equal_columns(one: Column, other: Column) -> bool:
    """Whether two columns have the same type, categories and values, as pandas compares them."""
    if one.kind != other.kind or len(one.values) != len(other.values):
        return False
    if one.kind == "category":
        return _equal_categories(one, other)
    if one.values.dtype != other.values.dtype:
        return False
    gone, others_gone = _missing(one), _missing(other)
    if not np.array_equal(gone, others_gone):
        return False
    return bool(np.array_equal(one.values[~gone], other.values[~gone]))


def _equal_categories(one: Column, other: Column) -> bool:
    names, others = one.categories or (), other.categories or ()
    if set(names) != set(others):
        return False
    position = {name: code for code, name in enumerate(names)}
    codes = np.array([*(position[name] for name in others), -1], np.int64)
    return bool(np.array_equal(one.values, codes[other.values.astype(np.int64)]))


def _missing(column: Column) -> Any:
    if column.kind == "float":
        return np.isnan(column.values.astype(np.float64))
    return np.zeros(len(column.values), bool) if column.missing is None else column.missing


def equal_arrays(one: Any, other: Any) -> bool:
    """Whether two arrays hold the same values; NaN equals NaN."""
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape or (one.dtype == object) != (other.dtype == object):
        return False
    if one.dtype.kind == "f" and other.dtype.kind == "f":
        return bool(np.array_equal(one, other, equal_nan=True))
    return bool(np.array_equal(one, other))
