"""Recognise, by their names, columns of obs that hold sections of a tissue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from karospace_stream.model.catalog import ColumnInfo

#: What a section is called, the most certain first.
SECTIONS = (
    *("section", "slice", "library", "sample", "slide", "puck", "fov", "roi", "core", "capture", "image"),
    *("img", "chip", "batch"),
)
#: What may stand beside it.
_ALONG = frozenset(
    (
        *("id", "ids", "identifier", "name", "label", "key", "index", "idx", "num", "number", "no", "nr"),
        *("tissue", "brain", "spatial", "visium", "tma", "area", "the", "of", "view", "field"),
    )
)
_WORDS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KINDS = ("category", "string", "integer", "bool")


def section_rank(name: str) -> int | None:
    """How clearly a name means sections, 0 the most; None if it does not.

    ``library_id``, ``Sample``, ``brain_section_label``, ``imageID`` and ``fov`` are; ``sample_type`` is not.
    """
    words = [word.lower() for part in _WORDS.findall(name) for word in _CAMEL.split(part)]
    ranks = [(word, _rank_of(word)) for word in words]
    found = [rank for _, rank in ranks if rank is not None]
    is_all = all(rank is not None or word in _ALONG for word, rank in ranks)
    return min(found) if found and is_all else None


def section_columns(obs: Iterable[ColumnInfo]) -> tuple[ColumnInfo, ...]:
    """Columns with such a name that can hold groups, the most certain first."""
    ranked = [(section_rank(info.name), info) for info in obs if info.kind in _KINDS]
    return tuple(info for _, info in sorted(((r, i) for r, i in ranked if r is not None), key=lambda e: e[0]))


def library_column(libraries: Sequence[str], columns: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The column whose categories are libraries of ``uns['spatial']``.

    Parameters
    ----------
    columns
        Names and categories, in the order of obs.

    Returns
    -------
    The column with the most libraries among its categories: one with the name of a section, or one that has
    no other categories. None if there is none, or if the names of the libraries are numbers, which clusters
    have too, and no column has the name of a section.
    """
    wanted = set(libraries)
    are_numbers = all(name.isdecimal() for name in wanted)
    found = []
    for at, (name, categories) in enumerate(columns):
        rank, matched = section_rank(name), len(wanted.intersection(categories))
        is_exact = matched == len(set(categories)) and not are_numbers
        if matched and (rank is not None or is_exact):
            found.append((-matched, len(SECTIONS) if rank is None else rank, at, name))
    return min(found)[-1] if found else None


def _rank_of(word: str) -> int | None:
    """Rank of a word, in the singular or plural, also with ``id`` glued to it; None if it is no section."""
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("id"))
    singular = word.removesuffix("ies") + "y"
    return next((SECTIONS.index(each) for each in (*forms, singular) if each in SECTIONS), None)
