"""Rank the columns of obs as a person would: the default ones, and the one to show first.

`rank_columns` is pure: it decides by names, kinds and numbers of classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.select.obs_columns.names import (
    SINGLE_NUMBERS,
    label_of,
    number_of,
    passed_over,
    words_of,
)
from karospace_stream.units import counted

#: The most labels and numbers that are taken.
MOST_LABELS, MOST_NUMBERS = 8, 6
#: The most classes of a column that is taken although its name says nothing.
MOST_CLASSES = 100
#: The most classes of a column whose name promises a label. The page begins with no more.
MOST_NAMED_CLASSES = 1_000
_FIRST_OF_A_KIND = 2  # such as clusterings of many resolutions, before other columns have had their turn
_FEW = 20  # fewer classes are never taken for ids
_LONG_TEXT = 60  # letters of a value, on average
_UNNAMED = 100  # rank of labels whose names promise nothing
_PLAIN_NUMBERS = 4  # taken from a file with nothing better
_NO_NAME = "numbers without a usual name"
_NO_ROOM = f"others come first: at most {MOST_LABELS} labels and {MOST_NUMBERS} numbers are taken"


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """Facts about a column that do not need all of its values.

    Attributes
    ----------
    n_classes
        Categories, or different values in the rows that were looked at; None if nobody looked.
    n_rows
        Rows that the number comes from; 0 if nobody may look, as other columns have been looked at already.
    length
        Letters of a value, on average; 0 if it is no text.
    """

    name: str
    kind: ColumnKind
    n_classes: int | None
    n_rows: int
    length: float = 0


@dataclass(frozen=True, slots=True)
class RankedColumn:
    """The verdict on one column.

    Attributes
    ----------
    reason
        What it holds if it is taken; else why it is not.
    """

    name: str
    taken: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A column that may be chosen; ``rank`` is that of its kind."""

    column: ColumnFacts
    is_label: bool
    rank: int
    reason: str


def facts_of(obs: Iterable[ColumnInfo], n_cells: int) -> tuple[ColumnFacts, ...]:
    """Facts about columns that the catalogue alone gives."""
    return tuple(ColumnFacts(info.name, info.kind, info.n_categories, n_cells) for info in obs)


def rank_columns(columns: Sequence[ColumnFacts]) -> tuple[RankedColumn, ...]:
    """Rank columns, and choose those that are taken when nobody names any.

    Labels come first: cell types, annotations, clusters, Leiden's and Louvain's by their names, two of each
    kind, the plainest name first; then others with 2 to 100 classes in the order of the file; then more of
    each kind. At most 8 are taken. Then come the usual numbers: counts, genes, mitochondrial share, doublet
    score, other scores, time. At most 6 are taken. A file with neither gives the first four of its numbers.
    Columns with one value, ids, ontology terms, colours and free text are never taken.

    Returns
    -------
    Those that are taken, in their order; then the others, in the order of the file.
    """
    verdicts = {each.name: _verdict(each) for each in columns}
    candidates = [each for each in verdicts.values() if isinstance(each, _Candidate)]
    taken = [*_labels(candidates)[:MOST_LABELS], *_numbers(candidates)[:MOST_NUMBERS]]
    found = [RankedColumn(each.column.name, True, each.reason) for each in taken]
    if not found:
        plain = [name for name, verdict in verdicts.items() if verdict == _NO_NAME][:_PLAIN_NUMBERS]
        found = [RankedColumn(name, True, "numbers") for name in plain]
    names = {each.name for each in found}
    left = ((name, verdict) for name, verdict in verdicts.items() if name not in names)
    return (
        *found,
        *(RankedColumn(name, False, each if isinstance(each, str) else _NO_ROOM) for name, each in left),
    )


def best_column(columns: Sequence[ColumnFacts]) -> str | None:
    """The column that is shown first: a label, or else a number; None if none is worth showing."""
    return next((each.name for each in rank_columns(columns) if each.taken), None)


def _verdict(column: ColumnFacts) -> _Candidate | str:
    """The kind as which a column may be chosen, or the reason why it is not."""
    why_not = passed_over(column.name) or _unsuitable(column)
    if why_not:
        return why_not
    label = label_of(column.name) if column.kind != "float" else None
    number = number_of(column.name) if column.kind in ("integer", "float") else None
    if number is not None:
        return _Candidate(column, False, number.rank, number.reason)
    if label is not None and column.kind != "bool":
        if (column.n_classes or 0) > MOST_NAMED_CLASSES:
            return f"more than {MOST_NAMED_CLASSES:,} categories"
        return _Candidate(column, True, label.rank, label.reason)
    if column.kind in ("integer", "float"):
        return _NO_NAME
    if column.kind == "bool":
        return _Candidate(column, True, _UNNAMED, "yes or no")
    if column.n_classes is None:
        return "text that was not looked at"
    if column.n_classes > MOST_CLASSES:
        return f"more than {MOST_CLASSES} categories"
    about = "" if column.kind == "category" else "about "
    return _Candidate(column, True, _UNNAMED, f"{about}{counted(column.n_classes or 0, 'category')}")


def _unsuitable(column: ColumnFacts) -> str:
    """Why values are never taken, whatever the name; empty if they may be."""
    n_classes = column.n_classes
    if n_classes is None and column.n_rows == 0 and column.kind in ("integer", "float"):
        return "numbers that were not looked at"
    if n_classes is not None and n_classes < 2:
        what = "a single value" if n_classes else "no value"
        return what if column.kind == "category" else f"{what} in the rows looked at"
    if column.length > _LONG_TEXT:
        return "free text"
    is_text = column.kind in ("category", "string")
    if is_text and n_classes is not None and n_classes > _FEW and 2 * n_classes > column.n_rows:
        return "a value of its own for almost every cell"
    return ""


def _labels(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Labels in order: the first two of each kind, those that promise nothing, more of each kind."""
    ranked = sorted((each for each in candidates if each.is_label), key=_order)
    first, rest, n_taken = list[_Candidate](), list[_Candidate](), Counter[int]()
    for each in ranked:
        n_taken[each.rank] += 1
        is_first = each.rank == _UNNAMED or n_taken[each.rank] <= _FIRST_OF_A_KIND
        (first if is_first else rest).append(each)
    return [*first, *rest]


def _order(each: _Candidate) -> tuple[bool, int, bool, int]:
    """Numbers last, which are drawn as such; by rank; flags last; the plainest name first."""
    n_words = 0 if each.rank == _UNNAMED else words_of(each.column.name).count("_")
    return each.column.kind == "integer", each.rank, each.column.kind == "bool", n_words


def _numbers(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """The usual numbers in order: of counts, genes, shares and doublets the first each, then all scores."""
    ranked = sorted((each for each in candidates if not each.is_label), key=lambda each: each.rank)
    taken = dict[object, _Candidate]()
    for each in ranked:
        taken.setdefault(each.rank if each.reason in SINGLE_NUMBERS else each.column.name, each)
    return list(taken.values())
