"""Suggest similar names: the one place that guesses, for columns, files, commands and values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable

_MOST_COMPARED = 5_000
_LEAST_LETTERS = 3  # shorter texts are part of too many names
_CUTOFF = 0.7
_SEPARATORS = re.compile(r"[\W_]+")


def similar_names(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Find names that differ little from a given one.

    Parameters
    ----------
    name
        What was typed.
    names
        What exists.
    most
        How many to return.

    Returns
    -------
    Names that are equal but for case, separators, a leading ``X_`` and a prefix such as ``obsm:``; if there
    are none, names that begin with the given one, or the other way round, and names with similar letters.
    """
    folded = {each: _folded(each) for each in names if each != name}
    wanted = _folded(name)
    spellings = {wanted, _folded(_last_part(name))} - {""}
    same = [each for each in folded if folded[each] in spellings or _folded(_last_part(each)) == wanted]
    if same or not wanted:
        return same[:most]
    longer = [each for each, letters in folded.items() if _begins(letters, wanted)]
    width = max(2, len(wanted) // 2)
    near = {letters: each for each, letters in folded.items() if abs(len(letters) - len(wanted)) <= width}
    if len(near) > _MOST_COMPARED:  # comparing letters is slow; most typing errors are not at the beginning
        near = {letters: each for letters, each in near.items() if letters[:2] == wanted[:2]}
    close = difflib.get_close_matches(wanted, list(near)[:_MOST_COMPARED], n=most, cutoff=_CUTOFF)
    return list(dict.fromkeys([*longer[:most], *(near[letters] for letters in close)]))[:most]


def did_you_mean(names: Iterable[str], spell: Callable[[str], str] = repr, *, joined_by: str = "or") -> str:
    """The end of a sentence: ``; did you mean 'a' or 'b'?``, or empty without names."""
    spelled = list(map(spell, names))
    if not spelled:
        return ""
    *first, last = spelled
    return f"; did you mean {', '.join(first)} {joined_by} {last}?" if first else f"; did you mean {last}?"


def _folded(name: str) -> str:
    letters = name.casefold()
    return letters if letters.isalnum() else _SEPARATORS.sub("", letters.removeprefix("x_"))


def _last_part(name: str) -> str:
    return name.rpartition(":")[2]


def _begins(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LEAST_LETTERS and longer.startswith(shorter)
