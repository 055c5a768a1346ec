"""Run time of an AnnData store: X, all other parts as lazy tasks, its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from karospace_stream.formats.anndata.arrays.results import MatrixWritten, Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.matrix.graph import write_graph
from karospace_stream.formats.anndata.matrix.sparse_rows import write_sparse_entry
from karospace_stream.formats.anndata.matrix.writer import AnnDataMatrix
from karospace_stream.formats.anndata.plan import AnnDataPlan
from karospace_stream.formats.anndata.seal import Rest, finish, matrix_of
from karospace_stream.formats.anndata.tables.embeddings import write_entry
from karospace_stream.formats.anndata.tables.frames import write_obs_column, write_obs_names, write_var
from karospace_stream.formats.anndata.tables.neighbourhoods import (
    write_neighbour_genes,
    write_neighbour_groups,
)
from karospace_stream.formats.anndata.tables.obsm_frames import write_table
from karospace_stream.formats.anndata.tables.outliers import has_outliers, write_outliers
from karospace_stream.formats.anndata.tables.rankings import write_file_markers
from karospace_stream.formats.anndata.tables.statistics import (
    StatisticsWritten,
    all_statistics,
    write_comparison,
    write_means,
)
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.pseudobulk.write import pseudobulk_task
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import Sink


@dataclass(frozen=True, slots=True)
class AnnDataRun:
    """Run time of an AnnData store."""

    def begin(self, plan: AnnDataPlan, target: Sink, began_at: datetime) -> AnnDataJob:
        """Make the input of its tasks."""
        return AnnDataJob.of(plan, target, began_at)

    def writer(self, job: AnnDataJob) -> AnnDataMatrix:
        """The writer of its genes."""
        return AnnDataMatrix(job.chunks, (job.selection.n_cells, len(job.selection.genes)), job.plan.is_dense)

    def stages(
        self, tasks: Tasks, job: AnnDataJob, shared: Task[AnnDataJob], common: SharedTasks
    ) -> Task[Rest]:
        """A lazy task that writes everything except genes."""
        return build(tasks, job, shared, common)

    def finish(self, job: AnnDataJob, rest: Rest, genes: Sequence[MatrixWritten]) -> Sealed:
        """Write the documents, the consolidated one last."""
        return finish(job, rest, matrix_of(job, genes) if genes else Written((), ()))


def build(tasks: Tasks, job: AnnDataJob, shared: Task[AnnDataJob], common: SharedTasks) -> Task[Rest]:
    """A lazy `Rest`."""
    return tasks.call(
        "seal",
        Rest,
        tasks.checkpointed("columns", write_var, shared),
        tasks.checkpointed("columns", write_obs_names, shared),
        [
            tasks.checkpointed("columns", write_obs_column, shared, each)
            for each in range(len(job.plan.columns))
        ],
        [
            *(
                tasks.checkpointed("points", write_entry, shared, each)
                for each in range(len(job.plan.entries))
            ),
            *(
                tasks.checkpointed("columns", write_table, shared, each)
                for each in range(len(job.plan.tables))
            ),
            *(
                tasks.checkpointed("points", write_sparse_entry, shared, each)
                for each in range(len(job.plan.sparse))
            ),
        ],
        None if job.plan.graph is None else tasks.checkpointed("graph", write_graph, shared),
        [
            tasks.checkpointed("outliers", write_outliers, shared, each)
            for each, info in enumerate(job.plan.columns)
            if job.plan.latent is not None and has_outliers(info)
        ],
        _statistics(tasks, job, shared, common),
        [
            tasks.checkpointed("markers", write_file_markers, shared, each)
            for each in range(len(job.plan.rankings))
        ],
        pseudobulk_task(tasks, shared, common),
    )


def _statistics(
    tasks: Tasks, job: AnnDataJob, shared: Task[AnnDataJob], common: SharedTasks
) -> Task[StatisticsWritten] | StatisticsWritten:
    if common.sums is None or common.statistics is None:
        return StatisticsWritten()
    # Not those that only a bundle beside the store compares unasked.
    numbers = range(len(common.statistics.request.groupings)) if job.plan.options.group_by else ()
    several = [
        tasks.checkpointed("statistics", write, shared, common.sums, number)
        for number in numbers
        for write in (write_comparison, write_means)
    ]
    near = common.statistics.neighbours
    neighbours = (
        []
        if near is None
        else [
            tasks.checkpointed("statistics", write_neighbour_genes, shared, common.sums),
            *(
                tasks.checkpointed("statistics", write_neighbour_groups, shared, common.sums, number)
                for number in near.enriched
            ),
        ]
    )
    return tasks.call("statistics", all_statistics, common.sums, several, neighbours)
