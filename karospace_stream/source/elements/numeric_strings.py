"""Text that holds numbers, such as coordinates from some programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.column import Column

#: Rows to test whether text holds numbers.
SAMPLE_ROWS = 1_000
_MISSING = frozenset(("", "na", "n/a", "nan", "none", "null", "-"))


def are_numbers(texts: npt.NDArray[Any]) -> bool:
    """Whether all strings are numbers or markers of a missing one, and at least one is a number."""
    try:
        return bool(np.isfinite(parse_numbers(texts)).any())
    except ValueError:
        return False


def parse_numbers(texts: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Parse text as numbers of the same shape; NaN for empty text and for words that mean missing.

    Raises
    ------
    ValueError
        If a string is no number; the message names it.
    """
    numbers = np.fromiter(map(_number, texts.ravel().tolist()), np.float64, texts.size)
    return numbers.reshape(texts.shape)


def numbers_of(column: Column) -> npt.NDArray[np.float64]:
    """A column of numbers, of text or of categories as numbers; NaN for a missing value.

    Raises
    ------
    ValueError
        If a string is no number; the message names it.
    """
    if column.categories is not None:
        known = parse_numbers(np.asarray([*column.categories, ""], object))
        return known[column.values.astype(np.intp)]
    if column.kind == "string":
        return parse_numbers(column.values)
    numbers = column.values.astype(np.float64)
    if column.missing is not None:
        numbers[column.missing] = np.nan
    return numbers


def no_number(what: str, error: ValueError, first_row: int, stop: int) -> BadInputError:
    """The sentence for text among numbers."""
    return BadInputError(
        f"{what} is text, so every value must be a number, but in rows {first_row:,} to {stop:,} {error}; "
        "correct it in the input, or delete the entry"
    )


def _number(text: object) -> float:
    words = str(text).strip()
    if words.lower() in _MISSING:
        return float("nan")
    try:
        if "_" in words:  # which Python takes between digits
            raise ValueError
        return float(words)
    except ValueError:
        raise ValueError(f"{words[:40]!r} is not a number") from None
