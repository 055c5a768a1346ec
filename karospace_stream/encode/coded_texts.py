"""Texts of columns of few different values: each combination of adjacent columns is written once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.field_texts import Syntax, Texts
from karospace_stream.model.column import Column

_MOST_NBYTES = 1 << 20  # of all combinations
_MOST_NAMES = 256  # of a column that is combined with others

Codes = npt.NDArray[np.intp]


def coded_together(columns: Sequence[Column], start: int, most: int) -> int:
    """End of the adjacent columns that have at most so many combinations; ``start`` if there is none."""
    stop, n_all, nbytes = start, 1, 0
    while stop < len(columns) and columns[stop].kind in ("category", "bool"):
        n_all *= n_texts(columns[stop : stop + 1])
        nbytes += _longest(columns[stop])
        if stop > start and (n_all > most or n_all * nbytes > _MOST_NBYTES):
            break
        stop += 1
    return stop


def n_texts(columns: Sequence[Column]) -> int:
    """Combinations of the values of some columns, each of which may be missing."""
    count = 1
    for column in columns:
        count *= 3 if column.categories is None else len(column.categories) + 1
    return count


def _longest(column: Column) -> int:
    names = column.categories or ()
    return 100 + (4 * max(map(len, names), default=0) if len(names) <= _MOST_NAMES else _MOST_NBYTES)


@dataclass(frozen=True, slots=True, eq=False)
class CodedTexts:
    """The texts of all combinations of the values of some columns."""

    texts: npt.NDArray[np.object_]
    categories: tuple[tuple[str, ...] | None, ...]
    befores: tuple[bytes, ...]

    @classmethod
    def of(cls, columns: Sequence[Column], befores: tuple[bytes, ...], syntax: Syntax) -> CodedTexts:
        """Write all of them; before each value stands what ``befores`` says."""
        each = [
            [before + name for name in (*_names(column, syntax), syntax.missing)]
            for column, before in zip(columns, befores, strict=True)
        ]
        combined = each[0] if len(each) == 1 else list(map(b"".join, product(*each)))
        texts = np.empty(len(combined), object)
        texts[:] = combined
        return cls(texts, tuple(column.categories for column in columns), befores)

    def fits(self, columns: Sequence[Column], befores: tuple[bytes, ...]) -> bool:
        """Whether these columns have the same categories."""
        return befores == self.befores and tuple(each.categories for each in columns) == self.categories

    def take(self, columns: Sequence[Column]) -> Texts:
        """The texts of some rows."""
        codes = _codes(columns[0])
        for column in columns[1:]:
            codes *= n_texts([column])
            codes += _codes(column)
        taken: Texts = self.texts[codes].tolist()
        return taken


def _names(column: Column, syntax: Syntax) -> list[bytes]:
    if column.categories is None:
        return [syntax.false, syntax.true]
    return [syntax.text(name) for name in column.categories]


def _codes(column: Column) -> Codes:
    """Numbers of the values; a missing one is the last."""
    codes = column.values.astype(np.intp)
    missing = codes < 0 if column.categories is not None or column.missing is None else column.missing
    codes[missing] = n_texts([column]) - 1
    return codes


def rare_texts(column: Column, before: bytes, syntax: Syntax) -> Texts:
    """Texts of the categories of these rows only: there may be a million."""
    assert column.categories is not None
    names = column.categories
    used, codes = np.unique(np.maximum(column.values, -1), return_inverse=True)
    texts = np.empty(len(used), object)
    texts[:] = [before + (syntax.missing if code < 0 else syntax.text(names[code])) for code in used.tolist()]
    taken: Texts = texts[codes].tolist()
    return taken
