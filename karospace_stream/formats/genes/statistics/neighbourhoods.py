"""Neighbouring groups of cells: their plan, and the tasks that count them while genes are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.job import SideJob
from karospace_stream.measures.neighbourhoods import co_occurrence as pairs
from karospace_stream.measures.neighbourhoods.enrichment import (
    ENTRIES,
    ENTRY_NBYTES,
    KEPT_NBYTES,
    Enrichment,
    enrichment,
)
from karospace_stream.measures.request import Grouping
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import SideInputs
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.transpose.array_scratch import ArrayScratch, ArraysReceipt

Floats = npt.NDArray[np.float64]
_STAGE = "neighbourhoods"
_ENRICHMENT, _PAIRS = "enrichment", "pairs"
_FEWEST_GROUPS = 2
_SLACK = 8 << 20
_CELL_NBYTES = 40  # codes, and what shuffling and drawing cells takes
# Measured on one core: seconds of a shuffled cell, of a counted entry of the graph, of a pair of cells and of
# the same in each grouping.
_SHUFFLE, _ENTRY, _PAIR, _PAIR_OF_GROUPING = 13e-9, 3e-9, 4.5e-9, 1.6e-9


@dataclass(frozen=True, slots=True)
class NeighbourhoodsPlan:
    """Which neighbours are counted, and by which groups.

    Attributes
    ----------
    key
        Of the graph, in obsp.
    coords
        Positions of the cells, for co-occurrence; None if there are none, or no groups.
    groupings
        All of the request.
    n_entries
        Stored entries of the graph, at most.
    permutations
        0 counts neighbouring groups without shuffling any: there are no z-scores, and no co-occurrence.
    sections
        The column whose sections share these positions; empty if the cells are of one section.
    laid_out
        Whether the sections were moved side by side, so that none lies on another.
    """

    key: str
    coords: EmbeddingChoice | None
    groupings: tuple[Grouping, ...]
    n_cells: int
    n_entries: int
    permutations: int
    seed: int
    sections: str = ""
    laid_out: bool = False

    @property
    def enriched(self) -> tuple[int, ...]:
        """Numbers of the groupings whose groups can be neighbours."""
        return tuple(at for at, each in enumerate(self.groupings) if each.n_groups >= _FEWEST_GROUPS)

    @property
    def paired(self) -> tuple[int, ...]:
        """Numbers of the groupings with co-occurrence."""
        if self.coords is None or not self.permutations:
            return ()
        return tuple(at for at in self.enriched if self.groupings[at].n_groups <= pairs.MOST_GROUPS)

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Cost of the tasks."""
        if not self.enriched:
            return ()
        widest = max(self.groupings[at].n_groups for at in self.enriched)
        counting = self.n_entries * KEPT_NBYTES + min(ENTRIES, self.n_entries) * ENTRY_NBYTES + 64 * widest**2
        n_counts = pairs.N_DISTANCES * sum((1 + self.groupings[at].n_groups) ** 2 for at in self.paired)
        pairing = 24 * n_counts + pairs.PAIRS * pairs.PAIR_NBYTES if self.paired else 0
        n_tasks = len(self.enriched) + (pairs.n_tasks(self.n_cells) if self.paired else 0)
        return (StageCost(_STAGE, _SLACK + _CELL_NBYTES * self.n_cells + max(counting, pairing), n_tasks),)

    @property
    def seconds(self) -> float:
        """Of one worker."""
        shuffled = _SHUFFLE * self.n_cells + _ENTRY * self.n_entries
        paired = _PAIR + _PAIR_OF_GROUPING * len(self.paired) if self.paired else 0
        enriched = len(self.enriched) * (self.permutations + 1) * shuffled
        return enriched + paired * pairs.n_pairs(self.n_cells)

    def findings(self) -> Iterator[Finding]:
        """What is not computed, or of some cells only."""
        for number, each in enumerate(self.groupings):
            if number not in self.enriched:
                text = f"{each.column!r} has one group, so no groups are neighbours"
                yield Finding("one-group", text, "group_by")
            elif self.coords is not None and number not in self.paired:
                text = (
                    f"{each.column!r} has {each.n_groups:,} groups, so its co-occurrence is left out: there "
                    f"must be at most {pairs.MOST_GROUPS}"
                )
                yield Finding("no-co-occurrence", text, "group_by")
        if self.enriched and self.coords is None:
            text = (
                "co-occurrence is left out: the file has no positions of cells in the tissue, such as "
                "obsm['spatial']"
            )
            yield Finding("no-co-occurrence", text, "neighbourhoods")
        if self.paired and self.n_cells > pairs.MOST_CELLS:
            text = (
                f"co-occurrence counts the pairs of {pairs.MOST_CELLS:,} of {self.n_cells:,} cells, drawn "
                "at random; neighbouring groups and genes are those of all cells"
            )
            yield Finding("co-occurrence-drawn", text, "seed")
        if self.paired and self.sections:
            yield self._of_sections()

    def _of_sections(self) -> Finding:
        """Distances between cells of different sections mean nothing."""
        within = "for distances within a section, take a file of its cells alone"
        if self.laid_out:
            text = (
                f"co-occurrence takes the sections of {self.sections!r}, which are laid out side by side, "
                f"for one plane: it counts pairs of cells of different sections too; {within}"
            )
        else:
            text = (
                f"co-occurrence takes the sections of {self.sections!r}, which lie on top of each other, for "
                f"one plane: cells of different sections count as near each other; {within}"
            )
        return Finding("co-occurrence-of-sections", text)


@dataclass(frozen=True, slots=True)
class NeighbourhoodsJob:
    """Input of the tasks."""

    plan: NeighbourhoodsPlan
    selection: Selection
    side: SideJob
    scratch: ArrayScratch


@dataclass(frozen=True, slots=True)
class FoundNeighbours:
    """Where the counts lie.

    Attributes
    ----------
    enriched
        For each of the plan's ``enriched``.
    parts
        For each part of the pairs of cells.
    """

    plan: NeighbourhoodsPlan
    scratch: ArrayScratch
    enriched: tuple[ArraysReceipt, ...]
    parts: tuple[ArraysReceipt, ...]

    def enrichment(self, number: int) -> Enrichment | None:
        """Of one grouping; None if its groups cannot be neighbours."""
        if number not in self.plan.enriched:
            return None
        found = self.scratch.get(self.enriched[self.plan.enriched.index(number)])
        return Enrichment(found["counts"], found["z_scores"])

    def co_occurrence(self, number: int) -> CoOccurrence | None:
        """Of one grouping; None if it has none."""
        if number not in self.plan.paired:
            return None
        parts = [self.scratch.get(each) for each in self.parts]
        if not len(parts[0]["distances"]):
            return None
        counts = sum(each[f"counts/{number}"] for each in parts)
        found = pairs.ratios(counts, parts[0][f"n_cells/{number}"])
        return CoOccurrence(parts[0]["distances"], found, int(parts[0]["n_drawn"]))

    def findings(self) -> Iterator[Finding]:
        """What became known while counting."""
        if not self.parts:
            return
        first = self.scratch.get(self.parts[0])
        missing = self.parts[0].n_missing
        if not len(first["distances"]):
            text = (
                "co-occurrence is left out: at least three cells at different positions must have coordinates"
            )
            yield Finding("no-co-occurrence", text, "neighbourhoods")
        elif missing:
            cells = "cells have" if missing > 1 else "cell has"
            text = f"{missing:,} {cells} no coordinates, and are left out of co-occurrence"
            yield Finding("no-co-occurrence", text.replace("are", "is") if missing == 1 else text)


@dataclass(frozen=True, slots=True, eq=False)
class CoOccurrence:
    """Ratios of one grouping, and the distances that they belong to.

    Attributes
    ----------
    distances
        float32, ``(50,)``; ratios belong to all but the first.
    ratios
        As of `co_occurrence.ratios`.
    n_drawn
        Cells whose pairs were counted.
    """

    distances: npt.NDArray[np.float32]
    ratios: Floats
    n_drawn: int


def neighbourhood_tasks(tasks: Tasks, job: NeighbourhoodsJob) -> Task[FoundNeighbours]:
    """The lazy `FoundNeighbours`."""
    shared, plan = tasks.constant(job), job.plan
    enriched = [tasks.checkpointed(_STAGE, _enrich, shared, number) for number in plan.enriched]
    blocks = range(pairs.n_tasks(plan.n_cells)) if plan.paired else ()
    parts = [tasks.checkpointed(_STAGE, _count_pairs, shared, block) for block in blocks]
    return tasks.call(_STAGE, _found, shared, enriched, parts)


def _found(
    job: NeighbourhoodsJob, enriched: Sequence[ArraysReceipt], parts: Sequence[ArraysReceipt]
) -> FoundNeighbours:
    return FoundNeighbours(job.plan, job.scratch, tuple(enriched), tuple(parts))


def _enrich(job: NeighbourhoodsJob, number: int) -> ArraysReceipt:
    plan, grouping = job.plan, job.plan.groupings[number]
    with job.side.held(job.selection) as side:
        codes = side.columns[grouping.column].values
        found = enrichment(side.graphs[plan.key], codes, grouping.n_groups, plan.permutations, plan.seed)
    return job.scratch.put(_ENRICHMENT, number, {"counts": found.counts, "z_scores": found.z_scores})


def _count_pairs(job: NeighbourhoodsJob, block: int) -> ArraysReceipt:
    with job.side.held(job.selection) as side:
        arrays, n_missing = _counted(job.plan, side, block)
    return job.scratch.put(_PAIRS, block, arrays, n_missing=n_missing)


def _counted(plan: NeighbourhoodsPlan, side: SideInputs, block: int) -> tuple[dict[str, Any], int]:
    assert plan.coords is not None  # else there are no such tasks
    coords = side.embeddings[plan.coords]
    there = np.asarray(np.isfinite(coords).all(axis=1))
    distances = pairs.distances_of(coords if there.all() else coords[there])
    arrays: dict[str, Any] = {"distances": np.empty(0, np.float32) if distances is None else distances}
    n_missing = int(len(there) - there.sum())
    if distances is None:
        return arrays, n_missing
    cells = pairs.drawn_cells(there, plan.seed)
    sizes = [plan.groupings[number].n_groups for number in plan.paired]
    several = [side.columns[plan.groupings[number].column].values[cells] for number in plan.paired]
    arrays["n_drawn"] = len(cells)
    # Where cells lack coordinates, they may be cut into fewer tasks than there are.
    first, stop = next(islice(pairwise(pairs.row_cuts(len(cells))), block, None), (0, 0))
    counted = pairs.count_pairs(coords[cells], several, sizes, distances, first, stop)
    for number, size, codes, counts in zip(plan.paired, sizes, several, counted, strict=True):
        arrays[f"counts/{number}"] = counts
        arrays[f"n_cells/{number}"] = np.bincount(codes[codes >= 0], minlength=size)
    return arrays, n_missing
