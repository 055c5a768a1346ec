"""Write what is computed of neighbouring cells: genes, and the groups of each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.genes.statistics.neighbourhoods import FoundNeighbours
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.formats.karospace.layout.neighbourhoods import (
    GENE_COLUMNS,
    AtlasNeighbourGenes,
    AtlasNeighbourGroups,
    AtlasNeighbourhoods,
)
from karospace_stream.formats.karospace.statistics.size import gene_cuts, neighbour_gene_nbytes
from karospace_stream.measures.neighbourhoods.squidpy_names import MORAN, gene_order
from karospace_stream.model.finding import Finding


@dataclass(frozen=True, slots=True)
class NeighbourhoodsWritten:
    """What was written, and what became known on the way."""

    atlas: AtlasNeighbourhoods
    findings: tuple[Finding, ...]


def write_neighbour_genes(job: KarospaceJob, summed: SummedGenes) -> AtlasNeighbourGenes:
    """Write Moran's I and Geary's C of all genes, by falling I."""
    found = summed.autocorrelation()
    assert found is not None  # else there is no such task
    order = gene_order(MORAN, found)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "gene": order,
        "moran_i": found.moran[order],
        "geary_c": found.geary[order],
        "moran_p_value": found.moran_p[order],
        "moran_adjusted_p_value": found.moran_adjusted[order],
        "geary_p_value": found.geary_p[order],
        "geary_adjusted_p_value": found.geary_adjusted[order],
    }
    parts: list[Part] = []
    cuts = gene_cuts(len(order), neighbour_gene_nbytes(), job.plan.part_nbytes)
    for number, (first, stop) in enumerate(pairwise(cuts)):
        pieces = [little_endian(columns[name][first:stop].astype(dtype)) for name, dtype in GENE_COLUMNS]
        key = names.neighbour_genes(number, job.level is not None)
        parts.append((job.put_packed(key, pieces), first, stop))
    moran, geary = (
        float(each) if np.isfinite(each) else None for each in (found.moran_variance, found.geary_variance)
    )
    return AtlasNeighbourGenes(tuple(parts), moran, geary)


def write_neighbour_groups(job: KarospaceJob, summed: SummedGenes, number: int) -> AtlasNeighbourGroups:
    """Write how often the groups of one column are neighbours."""
    found, gzip = _found(summed), job.level is not None
    near, paired = found.enrichment(number), found.co_occurrence(number)
    assert near is not None  # else there is no such task
    grouping = found.plan.groupings[number]
    pieces = [little_endian(each.astype(np.float64)) for each in (near.z_scores, near.counts)]
    enrichment = job.put_packed(names.enrichment(number, gzip), pieces)
    if paired is None:
        return AtlasNeighbourGroups(grouping.column, grouping.categories, enrichment)
    ratios = little_endian(paired.ratios.astype(np.float32))
    return AtlasNeighbourGroups(
        grouping.column,
        grouping.categories,
        enrichment,
        distances=tuple(paired.distances.astype(float).tolist()),
        n_drawn=paired.n_drawn,
        co_occurrence=job.put_packed(names.co_occurrence(number, gzip), [ratios]),
    )


def described_neighbourhoods(
    summed: SummedGenes, genes: AtlasNeighbourGenes, groupings: Sequence[AtlasNeighbourGroups]
) -> NeighbourhoodsWritten:
    """All of them, how they were computed, and what the user should know."""
    found = _found(summed)
    plan = found.plan
    coords = "" if plan.coords is None else plan.coords.spelling
    atlas = AtlasNeighbourhoods(plan.key, coords, plan.permutations, plan.seed, genes, groupings)
    return NeighbourhoodsWritten(atlas, (*found.findings(), *summed.findings_of_weights()))


def _found(summed: SummedGenes) -> FoundNeighbours:
    assert summed.neighbours is not None  # else there are no such tasks
    return summed.neighbours
