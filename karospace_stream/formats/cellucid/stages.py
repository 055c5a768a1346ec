"""Run time of a Cellucid export: its genes, all other parts as lazy tasks, its manifests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from karospace_stream.formats.cells.edges import TurnedGraph
from karospace_stream.formats.cellucid import columns, points
from karospace_stream.formats.cellucid.genes import CellucidGenes, GeneWritten
from karospace_stream.formats.cellucid.graph import ENDS, GraphWritten, facts, write_end
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.cellucid.plan import CellucidPlan
from karospace_stream.formats.cellucid.seal import Written, finish
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import Sink


@dataclass(frozen=True, slots=True)
class CellucidRun:
    """Run time of a Cellucid export."""

    def begin(self, plan: CellucidPlan, target: Sink, began_at: datetime) -> CellucidJob:
        """Make the input of its tasks."""
        return CellucidJob.of(plan, target, began_at)

    def writer(self, job: CellucidJob) -> CellucidGenes:
        """The writer of its genes."""
        return CellucidGenes(job)

    def stages(
        self, tasks: Tasks, job: CellucidJob, shared: Task[CellucidJob], common: SharedTasks
    ) -> Task[Written]:
        """A lazy task that writes everything except genes."""
        return build(tasks, job, shared, common.graph)

    def finish(self, job: CellucidJob, rest: Written, genes: Sequence[GeneWritten]) -> Sealed:
        """Write the manifests, the identity last."""
        return finish(job, rest, genes)


def build(
    tasks: Tasks, job: CellucidJob, shared: Task[CellucidJob], graph: Task[TurnedGraph] | None
) -> Task[Written]:
    """A lazy `Written`: points, vector fields, columns, graph, and the normalisation of the points."""
    numbers = range(len(job.plan.points))
    normals = [tasks.call("points", points.find_normalisation, shared, each) for each in numbers]
    n_without = tasks.call("points", points.count_without_coordinates, shared)
    of_dim = {choice.n_dims: normal for choice, normal in zip(job.plan.points, normals, strict=True)}
    return tasks.call(
        "seal",
        Written,
        [tasks.checkpointed("points", points.write_points, shared, each, normals[each]) for each in numbers],
        [
            tasks.checkpointed("vectors", points.write_vectors, shared, each, of_dim[field.n_dims])
            for each, field in enumerate(job.plan.vectors)
        ],
        [
            tasks.checkpointed("columns", columns.write_continuous, shared, each)
            if field.categories is None
            else tasks.checkpointed("columns", columns.write_categorical, shared, each, normals, n_without)
            for each, field in enumerate(job.plan.fields)
        ],
        None
        if graph is None
        else tasks.call(
            "graph",
            GraphWritten,
            [tasks.checkpointed("graph", write_end, shared, graph, end) for end in ENDS],
            tasks.call("graph", facts, graph),
        ),
        normals,
    )
