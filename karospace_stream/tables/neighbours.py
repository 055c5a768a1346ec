"""Data frames of neighbouring groups, and the same as Squidpy stores it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from karospace_stream.formats.genes.statistics.neighbourhoods import CoOccurrence, FoundNeighbours
from karospace_stream.measures.autocorrelation import Autocorrelation
from karospace_stream.measures.neighbourhoods import squidpy_names as names
from karospace_stream.measures.neighbourhoods.enrichment import Enrichment
from karospace_stream.measures.request import Grouping
from karospace_stream.tables.frames import categorical


def neighbours_frames(found: FoundNeighbours | None) -> dict[str, pd.DataFrame]:
    """By column, how often its groups are neighbours."""
    made = {}
    for grouping, each, _ in _of_groupings(found):
        if each is not None:
            group, neighbour = _pairs_of(grouping)
            columns = {"group": group, "neighbour": neighbour}
            numbers = {"count": each.counts.ravel(), "zscore": each.z_scores.ravel()}
            made[grouping.column] = pd.DataFrame({**columns, **numbers})
    return made


def co_occurrence_frames(found: FoundNeighbours | None) -> dict[str, pd.DataFrame]:
    """By column, the co-occurrence of its groups."""
    made = {}
    for grouping, _, each in _of_groupings(found):
        if each is not None:
            group, other = _pairs_of(grouping, each.ratios.shape[2])
            distance = np.tile(each.distances[1:], grouping.n_groups**2)
            columns = {"group": group, "other": other, "distance": distance, "ratio": each.ratios.ravel()}
            made[grouping.column] = pd.DataFrame(columns)
    return made


def as_squidpy(
    labels: Sequence[str], genes: Autocorrelation | None, found: FoundNeighbours | None
) -> dict[str, Any]:
    """Entries of ``uns`` as Squidpy writes them."""
    made: dict[str, Any] = {}
    for kind, columns in names.GENE_COLUMNS.items() if genes is not None else ():
        assert genes is not None
        order = names.gene_order(kind, genes)
        index = pd.Index(np.asarray(labels, object)[order])
        made[kind] = pd.DataFrame({name: of(genes)[order] for name, of in columns.items()}, index=index)
    for grouping, near, paired in _of_groupings(found):
        if near is not None:
            values = {names.Z_SCORES: near.z_scores, names.COUNTS: near.counts}
            made[names.enrichment_key(grouping.column)] = values
        if paired is not None:
            ratios = {names.RATIOS: paired.ratios, names.DISTANCES: paired.distances}
            made[names.co_occurrence_key(grouping.column)] = ratios
    return made


def _of_groupings(
    found: FoundNeighbours | None,
) -> Iterator[tuple[Grouping, Enrichment | None, CoOccurrence | None]]:
    if found is not None:
        for number, grouping in enumerate(found.plan.groupings):
            yield grouping, found.enrichment(number), found.co_occurrence(number)


def _pairs_of(grouping: Grouping, repeats: int = 1) -> tuple[pd.Categorical, pd.Categorical]:
    n_groups = grouping.n_groups
    numbers = np.arange(n_groups, dtype=np.int32)
    return (
        categorical(np.repeat(numbers, n_groups * repeats), grouping.categories),
        categorical(np.tile(np.repeat(numbers, repeats), n_groups), grouping.categories),
    )
