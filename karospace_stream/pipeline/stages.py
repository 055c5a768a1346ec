"""Chain the stages of a plan into one lazy graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from karospace_stream.formats.edges import GraphJob, graph_tasks
from karospace_stream.formats.format import FormatPlan, Sealed
from karospace_stream.formats.gene_writers import MatrixJob
from karospace_stream.model.source import Source
from karospace_stream.pipeline.gather import Written, gather, gather_source
from karospace_stream.pipeline.gene_lengths import count_source, fragment_spans, source_spans
from karospace_stream.pipeline.scatter import scatter, scatter_stored
from karospace_stream.pipeline.scratch import RunScratch
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.graph import rechunk_rows
from karospace_stream.runtime.records import Records
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import Target


def build(
    plan: ExportPlan,
    targets: Sequence[Target],
    scratch: RunScratch,
    began_at: datetime,
    *,
    records: Records | None = None,
    seal: bool = False,
) -> Task:
    """Build all stages as one lazy graph that ends with the manifests; it gives a `Sealed` for each format.

    Parameters
    ----------
    targets
        One per format.
    began_at
        The time stamp of the bundle.
    records
        Earlier results, and where to record new ones.
    seal
        Whether the last task also publishes the exports and removes the scratch; otherwise that is
        left to the caller.
    """
    jobs = [each.begin(target, began_at) for each, target in zip(plan.formats, targets, strict=True)]
    tasks = Tasks(records)
    genes = gene_tasks(tasks, matrix_job(plan, jobs, scratch)) if plan.selection.matrix else []
    graph = graph_task(tasks, plan, scratch)
    finished = []
    for number, (each, job) in enumerate(zip(plan.formats, jobs, strict=True)):
        shared = tasks.constant(job)
        rest = each.stages(tasks, job, shared, graph)
        finished.append(tasks.call("seal", _finish, tasks.constant(each), shared, rest, genes, number))
    if not seal:
        return tasks.call("seal", list, finished)
    last = tasks.constant((plan.source, tuple(targets), scratch))
    return tasks.call("seal", _seal, finished, last)


def matrix_job(plan: ExportPlan, jobs: Sequence[Any], scratch: RunScratch) -> MatrixJob:
    """Make the input of the tasks that transpose the matrix."""
    writers = tuple(each.writer(job) for each, job in zip(plan.formats, jobs, strict=True))
    return MatrixJob(plan.matrix, plan.selection, plan.transpose, scratch.fragments, writers)


def graph_task(tasks: Tasks, plan: ExportPlan, scratch: RunScratch) -> Task | None:
    """The lazy `TurnedGraph`; None if no graph is exported."""
    if plan.graph is None or scratch.edges is None:
        return None
    reader = plan.source.matrix(f"obsp/{plan.graph.key}")
    return graph_tasks(tasks, GraphJob(reader, plan.graph, plan.selection.cells, scratch.edges))


def gene_tasks(tasks: Tasks, job: MatrixJob) -> list[Task]:
    """Lazy tasks that write all genes and return what the formats' last stages need."""
    plan, shared = job.transpose, tasks.constant(job)
    n_bands = len(plan.gene_cuts) - 1
    bounds = list(pairwise([*range(0, n_bands, plan.bands_per_task), n_bands]))
    if plan.strategy == "pass":
        spans = None
        if plan.exact:
            counted = [tasks.call("lengths", count_source, shared, *pair) for pair in bounds]
            spans = tasks.call("lengths", source_spans, counted)
        return [tasks.checkpointed("gather", gather_source, shared, spans, *pair) for pair in bounds]
    lazy = job.matrix.lazy()
    if lazy is not None:
        fragments = tasks.over_blocks("scatter", scatter, rechunk_rows(lazy, plan.row_cuts), shared)
    else:
        numbers = range(len(plan.row_cuts) - 1)
        call = tasks.checkpointed if job.scratch.durable else tasks.call
        fragments = [call("scatter", scatter_stored, shared, number) for number in numbers]
    index = tasks.call("gather", list, fragments)
    spans = tasks.call("lengths", fragment_spans, shared, index) if plan.exact else None
    return [tasks.checkpointed("gather", gather, shared, index, spans, *pair) for pair in bounds]


def _finish(plan: FormatPlan, job: Any, rest: Any, genes: Sequence[Written], number: int) -> Sealed:
    return plan.finish(job, rest, [known for written in genes for known in written[number]])


def _seal(sealed: list[Sealed], last: tuple[Source, tuple[Target, ...], RunScratch]) -> list[Sealed]:
    source, targets, scratch = last
    source.check()
    for target in targets:
        target.seal()
    scratch.remove()
    return sealed
