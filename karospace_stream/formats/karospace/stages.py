"""Run time of a KaroSpace bundle: its genes, all other parts as lazy tasks, its manifests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.pseudobulk.write import pseudobulk_task
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.formats.genes.writers import GeneWriter
from karospace_stream.formats.karospace.cells import arrays, ordered
from karospace_stream.formats.karospace.genes.files import KarospaceGenes
from karospace_stream.formats.karospace.genes.listed import Gene
from karospace_stream.formats.karospace.genes.shards import KarospaceShards
from karospace_stream.formats.karospace.graph import COLUMNS, describe, write_column
from karospace_stream.formats.karospace.images import write_image
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout.statistics import AtlasStatistics
from karospace_stream.formats.karospace.plan import KarospacePlan
from karospace_stream.formats.karospace.seal import Written, finish
from karospace_stream.formats.karospace.statistics.file_markers import write_file_markers
from karospace_stream.formats.karospace.statistics.neighbourhoods import (
    NeighbourhoodsWritten,
    described_neighbourhoods,
    write_neighbour_genes,
    write_neighbour_groups,
)
from karospace_stream.formats.karospace.statistics.write import described, write_grouping
from karospace_stream.formats.karospace.tables import writers
from karospace_stream.formats.karospace.tables.gene_facts import write_gene_sets, write_varm
from karospace_stream.formats.karospace.tissue.stages import build_tissue
from karospace_stream.runtime.shared_values import forget
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import Sink


@dataclass(frozen=True, slots=True)
class KarospaceRun:
    """Run time of a KaroSpace bundle."""

    def begin(self, plan: KarospacePlan, target: Sink, began_at: datetime) -> KarospaceJob:
        """Make the input of its tasks."""
        return KarospaceJob.of(plan, target, began_at)

    def writer(self, job: KarospaceJob) -> GeneWriter[Any]:
        """The writer of its genes."""
        return KarospaceShards(job) if job.plan.is_packed else KarospaceGenes(job)

    def stages(
        self, tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob], common: SharedTasks
    ) -> Task[Written]:
        """A lazy task that writes everything except genes."""
        return build(tasks, job, shared, common)

    def finish(self, job: KarospaceJob, rest: Written, genes: Sequence[Gene]) -> Sealed:
        """Write page, gene table and manifests."""
        try:
            return finish(job, rest, genes)
        finally:
            forget(job.order_token)


def build(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob], common: SharedTasks) -> Task[Written]:
    """A lazy `Written`: tables, arrays, image and preview."""
    cell_ids, columns, bounds, embeddings, order = build_first(tasks, job, shared)
    return tasks.call(
        "seal",
        Written,
        *(
            [tasks.checkpointed("tables", write, shared, part) for part in _parts(cuts)]
            for write, cuts in (
                (writers.write_obs_csv, job.plan.parts.obs_csv),
                (writers.write_obs_json, job.plan.parts.obs_json),
                (writers.write_coords_json, job.plan.parts.coords),
                (writers.write_var_csv, job.plan.parts.var),
            )
        ),
        cell_ids,
        columns,
        bounds,
        embeddings,
        _vectors(tasks, job, shared),
        [
            tasks.checkpointed("image", write_image, shared, number)
            for number in range(len(job.plan.pictures))
        ],
        tasks.checkpointed("image", arrays.write_preview, shared, bounds[0])
        if job.plan.own.preview
        else None,
        None
        if common.graph is None
        else tasks.call(
            "graph",
            describe,
            common.graph,
            [tasks.checkpointed("graph", write_column, shared, common.graph, end) for end in COLUMNS],
        ),
        _statistics(tasks, shared, common),
        [
            tasks.checkpointed("markers", write_file_markers, shared, number)
            for number in range(len(job.plan.rankings))
        ],
        pseudobulk_task(tasks, shared, common),
        _neighbourhoods(tasks, shared, common),
        tasks.checkpointed("tables", write_gene_sets, shared) if job.selection.gene_sets.sets else None,
        [tasks.checkpointed("arrays", write_varm, shared, number) for number in range(len(job.plan.varm))],
        build_tissue(tasks, job, shared, common.tissue),
        order,
    )


def _statistics(
    tasks: Tasks, shared: Task[KarospaceJob], common: SharedTasks
) -> Task[AtlasStatistics | None] | None:
    if common.sums is None or common.statistics is None or not common.statistics.request.groupings:
        return None
    numbers = range(len(common.statistics.request.groupings))
    several = [
        tasks.checkpointed("statistics", write_grouping, shared, common.sums, number) for number in numbers
    ]
    return tasks.call("statistics", described, common.sums, several)


def _neighbourhoods(
    tasks: Tasks, shared: Task[KarospaceJob], common: SharedTasks
) -> Task[NeighbourhoodsWritten] | None:
    near = None if common.statistics is None else common.statistics.neighbours
    if common.sums is None or near is None:
        return None
    return tasks.call(
        "statistics",
        described_neighbourhoods,
        common.sums,
        tasks.checkpointed("statistics", write_neighbour_genes, shared, common.sums),
        [
            tasks.checkpointed("statistics", write_neighbour_groups, shared, common.sums, number)
            for number in near.enriched
        ],
    )


def build_first(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> tuple[Any, ...]:
    """All that a page needs to open: lazy ``cell_ids, columns, bounds, embeddings, order`` of `Written`."""
    n_embeddings = len(job.selection.embeddings)
    bounds = [tasks.call("arrays", arrays.embedding_bounds, shared, each) for each in range(n_embeddings)]
    cell_ids = [
        tasks.checkpointed("tables", arrays.write_cell_ids, shared, part)
        for part in _parts(job.plan.parts.cell_ids)
    ]
    columns = [_column(tasks, job, shared, number) for number in range(len(job.plan.columns))]
    if job.plan.order is None:
        embeddings: list[Any] = [
            [
                tasks.checkpointed("arrays", arrays.write_embedding, shared, number, part, bounds[number])
                for part in _parts(cuts)
            ]
            for number, cuts in enumerate(job.plan.parts.embeddings)
        ]
        return cell_ids, columns, bounds, embeddings, None
    embeddings = [
        tasks.checkpointed("arrays", ordered.write_ordered_embedding, shared, number, bounds[number])
        for number in range(n_embeddings)
    ]
    order = tasks.checkpointed("order", ordered.write_order, shared, bounds[0])
    return cell_ids, columns, bounds, embeddings, order


def _column(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob], number: int) -> Any:
    if job.plan.is_ordered(job.plan.columns[number]):
        return tasks.checkpointed("arrays", ordered.write_ordered_column, shared, number)
    return [
        tasks.checkpointed("arrays", arrays.write_column, shared, number, part)
        for part in _parts(job.plan.parts.columns[number])
    ]


def _vectors(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> list[Any]:
    several = job.plan.parts.vectors
    if job.plan.order is not None:
        numbers = range(len(several))
        return [tasks.checkpointed("arrays", ordered.write_ordered_vectors, shared, each) for each in numbers]
    return [
        [tasks.checkpointed("arrays", arrays.write_vectors, shared, number, part) for part in _parts(cuts)]
        for number, cuts in enumerate(several)
    ]


def _parts(cuts: tuple[int, ...]) -> range:
    return range(len(cuts) - 1)
