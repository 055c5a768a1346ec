"""Chain the stages of a plan into one lazy graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic

from karospace_stream.formats.cells.edges import GraphJob, TurnedGraph, graph_tasks
from karospace_stream.formats.format import FormatRun, Gene, Job, Rest, Sealed
from karospace_stream.formats.genes.job import MatrixJob, SideJob
from karospace_stream.formats.genes.shared_tasks import SharedTasks
from karospace_stream.formats.genes.statistics.neighbourhoods import (
    FoundNeighbours,
    NeighbourhoodsJob,
    neighbourhood_tasks,
)
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.genes.statistics.writer import SumsWriter
from karospace_stream.formats.genes.writers import GeneWriter
from karospace_stream.formats.registry import run_of
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
from karospace_stream.targets import Sink, Target
from karospace_stream.transpose.array_scratch import ArrayScratch
from karospace_stream.transpose.scratch import FragmentReceipt, Scratch


def build(
    plan: ExportPlan,
    targets: Sequence[Target],
    scratch: RunScratch,
    began_at: datetime,
    *,
    records: Records | None = None,
    seal: bool = False,
) -> Task[list[Sealed]]:
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
    running = begin(plan, targets, began_at)
    tasks = Tasks(records)
    layer = layer_sums(tasks, plan, scratch)
    genes = gene_tasks(tasks, matrix_job(plan, running, scratch), layer) if plan.selection.matrix else []
    common = shared_tasks(tasks, plan, scratch, genes, layer)
    finished = [each.sealed(tasks, common, genes, number) for number, each in enumerate(running)]
    if not seal:
        return tasks.call("seal", list, finished)
    last = tasks.constant((plan.source, tuple(targets), scratch))
    return tasks.call("seal", _seal, finished, last)


def begin(
    plan: ExportPlan, targets: Sequence[Sink], began_at: datetime
) -> list[RunningFormat[Any, Any, Any]]:
    """Make the job of every format."""
    runs = [run_of(each) for each in plan.formats]
    several = zip(runs, plan.formats, targets, strict=True)
    return [RunningFormat(run, run.begin(each, target, began_at)) for run, each, target in several]


@dataclass(frozen=True, slots=True)
class RunningFormat(Generic[Job, Rest, Gene]):
    """A format at run time, with its job."""

    run: FormatRun[Any, Job, Rest, Gene]
    job: Job

    @property
    def writer(self) -> GeneWriter[Gene]:
        """The writer of its genes."""
        return self.run.writer(self.job)

    def rest(self, tasks: Tasks, shared: Task[Job], common: SharedTasks) -> Task[Rest]:
        """A lazy task that writes everything except genes."""
        return self.run.stages(tasks, self.job, shared, common)

    def sealed(
        self, tasks: Tasks, common: SharedTasks, genes: Sequence[Task[Written]], number: int
    ) -> Task[Sealed]:
        """A lazy task that writes everything else, and the manifests.

        Parameters
        ----------
        number
            Of the format, among the results of the tasks that write genes.
        """
        shared = tasks.constant(self.job)
        rest = self.rest(tasks, shared, common)
        return tasks.call("seal", _finish, tasks.constant(self.run), shared, rest, list(genes), number)


def matrix_job(
    plan: ExportPlan, running: Sequence[RunningFormat[Any, Any, Any]], scratch: RunScratch
) -> MatrixJob:
    """Make the input of the tasks that transpose the matrix."""
    writers = [each.writer for each in running]
    needs = [each.demand.side for each in plan.formats]
    if plan.statistics is not None and scratch.sums is not None:
        writers.append(SumsWriter(plan.statistics.request, scratch.sums))
        needs.append(plan.statistics.side)
    if plan.pseudobulk is not None and scratch.pseudobulk is not None and plan.layer_pass is None:
        writers.append(SumsWriter(plan.pseudobulk.request, scratch.pseudobulk, wide=True))
        needs.append(plan.pseudobulk.side)
    return MatrixJob(
        plan.matrix,
        plan.selection,
        plan.transpose,
        scratch.fragments,
        writers=tuple(writers),
        needs=tuple(needs),
        side=_side(plan, scratch),
    )


def _side(plan: ExportPlan, scratch: RunScratch) -> SideJob | None:
    return None if plan.side is None else SideJob(scratch.side, plan.side_source, plan.side)


def graph_task(tasks: Tasks, plan: ExportPlan, scratch: RunScratch) -> Task[TurnedGraph] | None:
    """The lazy `TurnedGraph`; None if no graph is exported."""
    if plan.graph is None or scratch.edges is None:
        return None
    reader = plan.source.matrix(f"obsp/{plan.graph.key}")
    return graph_tasks(tasks, GraphJob(reader, plan.graph, plan.selection.cells, scratch.edges))


def shared_tasks(
    tasks: Tasks,
    plan: ExportPlan,
    scratch: RunScratch,
    genes: Sequence[Task[Written]],
    layer: Task[SummedGenes] | None = None,
) -> SharedTasks:
    """Everything that the formats share, lazily.

    Parameters
    ----------
    layer
        The sums of a layer that is read by itself.
    """
    number = len(plan.formats)  # sums follow the results of the formats
    near = neighbours_task(tasks, plan, scratch)
    sums = summed_task(tasks, plan.statistics, scratch.sums, genes, number, near)
    if layer is None:
        layer = summed_task(tasks, plan.pseudobulk, scratch.pseudobulk, genes, number + (sums is not None))
    return SharedTasks(
        graph=graph_task(tasks, plan, scratch),
        sums=sums,
        statistics=plan.statistics,
        pseudobulk=layer,
        tissue=scratch.tissue,
    )


def summed_task(
    tasks: Tasks,
    summed: StatisticsPlan | None,
    scratch: ArrayScratch | None,
    genes: Sequence[Task[Written]],
    number: int,
    neighbours: Task[FoundNeighbours] | None = None,
) -> Task[SummedGenes] | None:
    """The lazy `SummedGenes`; None if nothing is summed.

    Parameters
    ----------
    number
        Of the sums, among the results of the tasks that write genes.
    neighbours
        What is counted of neighbouring cells.
    """
    if summed is None or scratch is None:
        return None
    where = tasks.constant((summed, scratch))
    return tasks.call("statistics", _summed, where, list(genes), number, neighbours)


def layer_sums(tasks: Tasks, plan: ExportPlan, scratch: RunScratch) -> Task[SummedGenes] | None:
    """The lazy sums of a layer that is read by itself; None if there is none."""
    layer, summed, sums = plan.layer_pass, plan.pseudobulk, scratch.pseudobulk
    if layer is None or summed is None or sums is None or scratch.layer is None:
        return None
    job = MatrixJob(
        plan.source.matrix(layer.matrix),
        replace(plan.selection, matrix=layer.matrix),
        layer.transpose,
        scratch.layer,
        writers=(SumsWriter(summed.request, sums, wide=True),),
        needs=(summed.side,),
        side=_side(plan, scratch),
    )
    genes = gene_tasks(tasks, job)
    where = tasks.constant((summed, sums))
    return tasks.call("statistics", _layer_summed, where, list(genes), tasks.constant(scratch.layer))


def _layer_summed(
    where: tuple[StatisticsPlan, ArrayScratch], genes: Sequence[Written], fragments: Scratch
) -> SummedGenes:
    if not fragments.durable:  # the exported matrix needs the memory
        fragments.remove()
    return _summed(where, genes, 0, None)


def neighbours_task(tasks: Tasks, plan: ExportPlan, scratch: RunScratch) -> Task[FoundNeighbours] | None:
    """The lazy `FoundNeighbours`; None if no neighbours are counted."""
    near = None if plan.statistics is None else plan.statistics.neighbours
    if near is None or plan.side is None or scratch.sums is None:
        return None
    side = SideJob(scratch.side, plan.side_source, plan.side)
    return neighbourhood_tasks(tasks, NeighbourhoodsJob(near, plan.selection, side, scratch.sums))


def _summed(
    where: tuple[StatisticsPlan, ArrayScratch],
    genes: Sequence[Written],
    number: int,
    neighbours: FoundNeighbours | None,
) -> SummedGenes:
    plan, scratch = where
    receipts = tuple(receipt for of_task in genes for receipt in of_task[number])
    return SummedGenes(plan, scratch, receipts, neighbours)


def gene_tasks(tasks: Tasks, job: MatrixJob, after: Task[Any] | None = None) -> list[Task[Written]]:
    """Lazy tasks that write all genes and return what the formats' last stages need.

    Parameters
    ----------
    after
        They begin when this is done.
    """
    plan, shared = job.transpose, tasks.constant(job)
    if after is not None:
        shared = tasks.call("gather", _first, shared, after)
    bounds = plan.tasks
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
    index: Task[list[FragmentReceipt]] = tasks.call("gather", list, fragments)
    spans = tasks.call("lengths", fragment_spans, shared, index) if plan.exact else None
    return [tasks.checkpointed("gather", gather, shared, index, spans, *pair) for pair in bounds]


def _first(job: MatrixJob, done: Any) -> MatrixJob:
    return job


def _finish(
    run: FormatRun[Any, Job, Rest, Gene], job: Job, rest: Rest, genes: Sequence[Written], number: int
) -> Sealed:
    written: list[Gene] = [each for of_task in genes for each in of_task[number]]
    return run.finish(job, rest, written)


def _seal(sealed: list[Sealed], last: tuple[Source, tuple[Target, ...], RunScratch]) -> list[Sealed]:
    source, targets, scratch = last
    source.check()
    for target in targets:
        target.seal()
    scratch.remove()
    return sealed
