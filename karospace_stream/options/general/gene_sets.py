"""Options of gene sets and their scores."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadOptionError
from karospace_stream.options.general.choice import ChoiceOptions
from karospace_stream.options.moot_reasons import without_genes, without_sets
from karospace_stream.options.option import option

if TYPE_CHECKING:
    from karospace_stream.model.selection import GivenSets

#: Begins the source of sets that are an entry of uns.
IN_UNS = "uns:"
_SECTION = "Gene sets"
_OF_PYTHON = "Python"
_WANTED = "gene_sets must be paths of .gmt files, uns:KEY, or a dictionary of names and lists of genes"


def read_gene_sets(value: Any) -> tuple[str | GivenSets, ...]:
    """What the user gave: paths and keys as text, dictionaries as sets.

    Raises
    ------
    BadOptionError
        If it is something else.
    """
    from karospace_stream.model.selection import GivenSets

    if value is None:
        return ()
    if isinstance(value, (str, os.PathLike, Mapping, GivenSets)):
        return (_read(value),)
    if not isinstance(value, Iterable):
        raise BadOptionError(f"{_WANTED}, got {value!r:.60}")
    return tuple(map(_read, value))


def _read(value: Any) -> str | GivenSets:
    from karospace_stream.model.selection import GivenSets

    if isinstance(value, GivenSets):
        return value
    if isinstance(value, Mapping):
        return GivenSets(
            _OF_PYTHON, tuple((_name(name), _genes(name, genes)) for name, genes in value.items())
        )
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    raise BadOptionError(f"{_WANTED}, got {value!r:.60} among them")


def _name(name: Any) -> str:
    if not isinstance(name, str) or not name.strip():
        raise BadOptionError(f"gene_sets: the name of a set must be text that is not empty, got {name!r:.60}")
    return str(name)


def _genes(name: str, genes: Any) -> tuple[str, ...]:
    several = (
        None if isinstance(genes, (str, bytes, Mapping)) or not isinstance(genes, Iterable) else [*genes]
    )
    odd = genes if several is None else next((each for each in several if not isinstance(each, str)), None)
    if several is None or odd is not None:
        raise BadOptionError(f"gene_sets: the set {name!r} must be a list of names of genes, got {odd!r:.60}")
    return tuple(map(str, several))


@dataclass(frozen=True, slots=True)
class GeneSetOptions(ChoiceOptions):
    """Sets of genes that go along. The declaration of each field documents the option."""

    gene_sets: tuple[str | GivenSets, ...] = option(
        (),
        "Gene sets to go along and to score: a .gmt file or URL, or uns:KEY; repeat for several.",
        kind="list",
        section=_SECTION,
        metavar="SOURCE",
        shown_default=None,
        moot=without_genes,
        type="path, dict, or sequence of these",
        doc='Sets of genes: paths or URLs of ``.gmt`` files, ``"uns:KEY"`` for an entry of ``uns`` (a '
        "dictionary of lists, or a data frame with the columns ``source`` and ``target``), or a dictionary "
        "of names and lists of genes. Each set is scored in every cell, as by ``scanpy.tl.score_genes``: a "
        "column of ``obs`` with its name.",
        read=read_gene_sets,
        names_parts=True,
    )
    set_scores: bool = option(
        True,
        "Score gene sets in each cell.",
        kind="switch",
        section=_SECTION,
        off_flag="--no-set-scores",
        moot=without_sets,
        doc="Whether gene sets are scored in each cell. Needs two more readings of the matrix.",
    )
