"""Choose the obs columns of a bundle: the first one is the one that readers show first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from karospace_stream.formats.columns.number_labels import (
    MOST_LABELS,
    NumberColumns,
    likely_labels,
    named_labels,
    promises_labels,
)
from karospace_stream.formats.karospace.choices.column_sample import look_at_columns
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.obs_columns.choose import best_first, choose_columns, with_scores
from karospace_stream.select.obs_columns.ranking import ColumnFacts, RankedColumn, rank_columns


@dataclass(frozen=True, slots=True)
class ShownColumns:
    """The columns of a bundle.

    Attributes
    ----------
    source
        With numbers that are labels as categories.
    names
        In their order.
    ranking
        The verdict on each column of the file, if nobody named any.
    """

    source: Source
    names: tuple[str, ...]
    ranking: tuple[RankedColumn, ...]
    findings: tuple[Finding, ...]


def shown_columns(source: Source, options: ExportOptions, chosen: Selection) -> ShownColumns:
    """Choose the columns, and decide which numbers are labels."""
    anno = anno_of(options, "karospace")
    named = named_labels(source, options, chosen)
    source = named.of(source)
    facts = _of_the_file(look_at_columns(source), chosen) if anno in (None, ("all",)) else ()
    wanted = _taken(_promoted(source, facts)) if anno is None else choose_columns(source.catalog.obs, anno)
    likely = NumberColumns({}) if options.as_labels is not None else likely_labels(source, chosen, wanted)
    source, facts = likely.of(source), _counted(facts, likely)
    findings = tuple(likely.taken())
    if anno is None:
        ranking = _with_others(rank_columns(facts), chosen, named, options.labels, _of_sections(source))
        return ShownColumns(source, tuple(each.name for each in ranking if each.taken), ranking, findings)
    # With all of them, nobody has chosen an order.
    names = with_scores(best_first(wanted, facts) if facts else wanted, chosen)
    return ShownColumns(source, names, (), findings)


def _of_sections(source: Source) -> str | None:
    """The column of the sections."""
    sections = source.catalog.sections
    return None if sections is None else sections.column


def _of_the_file(facts: Sequence[ColumnFacts], chosen: Selection) -> tuple[ColumnFacts, ...]:
    """Facts without the scores of gene sets, which take no place of other numbers."""
    scores = set(chosen.gene_sets.columns)
    return tuple(each for each in facts if each.name not in scores)


def _taken(facts: Sequence[ColumnFacts]) -> tuple[str, ...]:
    return tuple(each.name for each in rank_columns(facts) if each.taken)


def _promoted(source: Source, facts: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Facts as if numbers that are labels by a sample were categories, since only those taken are read."""
    promising = {info.name for info in source.catalog.obs if promises_labels(info)}
    return [
        replace(each, kind="category")
        if each.name in promising and 2 <= (each.n_classes or 0) <= MOST_LABELS
        else each
        for each in facts
    ]


def _counted(facts: Sequence[ColumnFacts], found: NumberColumns) -> tuple[ColumnFacts, ...]:
    """Facts with the columns that have become categories."""
    return tuple(
        replace(each, kind="category", n_classes=len(found.labels[each.name]))
        if each.name in found.labels
        else each
        for each in facts
    )


def _with_others(
    ranking: tuple[RankedColumn, ...],
    chosen: Selection,
    named: NumberColumns,
    batch: str | None,
    column: str | None,
) -> tuple[RankedColumn, ...]:
    """Take also what the page needs to tell the cells of sections apart, and what the user asked for."""
    sectioning = {each.column for each in chosen.images}
    sectioning |= set() if column is None else {column}
    sectioning |= set() if chosen.arrangement is None else {chosen.arrangement.column}
    why = dict.fromkeys(named.labels, "named as labels") | dict.fromkeys(sectioning, "sections")
    why |= {} if batch is None else {batch: "says which input a cell is from"}
    taken = [each for each in ranking if each.taken]
    left = [each for each in ranking if not each.taken]
    added = [RankedColumn(each.name, True, why[each.name]) for each in left if each.name in why]
    scores = (RankedColumn(name, True, "score of a gene set") for name in chosen.gene_sets.columns)
    return (*taken, *added, *scores, *(each for each in left if each.name not in why))
