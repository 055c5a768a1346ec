"""Export the source again, and compare instead of writing: every value, out of core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from karospace_stream.formats.format import Sealed
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.genes.writers import ComparesGenes
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.counting.prepare import prepared_input
from karospace_stream.pipeline.counting.scores import resolve_scores
from karospace_stream.pipeline.gather import Written
from karospace_stream.pipeline.scratch import RunScratch, make_scratch
from karospace_stream.pipeline.stages import begin, gene_tasks, layer_sums, matrix_job, shared_tasks
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import plan_export, plan_selection, resolve_genes
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.verification.sink import ComparingSink, SomeGenes
from karospace_stream.verification.some_genes import SomeSums, compare_some

#: For a sample of genes, neighbours are shuffled and paired if that takes at most so long, about.
_MOST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sampled:
    """The compared genes: their positions in exported order, all of them or some."""

    positions: Any
    all_genes: bool


def compare_values(
    source: Any, options: ExportOptions, sink: ComparingSink, sample: int | None, listener: Listener
) -> tuple[str, ...]:
    """Compare everything that an export would write; return notes about what was left out.

    Parameters
    ----------
    sample
        Compare this many genes, drawn with a fixed seed, and everything except genes; None for all genes.

    Raises
    ------
    KaroSpaceError
        If the source cannot be exported with these options.
    """
    with prepared_input(plan_export(source, options), listener) as plan:
        return _compare(plan, sink, sample, listener)


def _compare(
    plan: ExportPlan, sink: ComparingSink, sample: int | None, listener: Listener
) -> tuple[str, ...]:
    plan = resolve_genes(plan, partial(count_genes, listener=listener))
    one_array = plan.formats[0].demand.exact  # no part of which can be computed from some genes alone
    chosen = _sample(len(plan.selection.genes), None if one_array else sample)
    part = _only(plan, chosen)
    scratch = make_scratch(part)
    try:
        plan = resolve_scores(plan, None if scratch.scores is None else scratch.scores.store, listener)
        task = _tasks(plan, part, chosen, sink, scratch)
        sums = run(task, scheduler=plan.options.scheduler, workers=part.workers, listener=listener)
        if isinstance(sums, SomeSums):
            compare_some(sink, plan, part, sums, chosen.positions)
    finally:
        scratch.remove()
    return tuple(_left_out(part))


def _left_out(part: ExportPlan) -> Iterator[str]:
    near = None if part.statistics is None else part.statistics.neighbours
    if near is not None and near.enriched and not near.permutations:
        yield (
            "z-scores and co-occurrence of neighbouring groups were not compared, as they take long to "
            "compute: leave out the sample to compare them too"
        )


def _sample(n_genes: int, sample: int | None) -> Sampled:
    if sample is None or sample >= n_genes:
        return Sampled(np.arange(n_genes), all_genes=True)
    return Sampled(np.sort(np.random.default_rng(0).choice(n_genes, sample, replace=False)), all_genes=False)


def _only(plan: ExportPlan, chosen: Sampled) -> ExportPlan:
    """The plan with the matrix cut for the chosen genes only."""
    if chosen.all_genes or not plan.selection.matrix:
        return plan
    labels = [plan.selection.labels[position] for position in chosen.positions.tolist()]
    fewer = replace(plan.selection, genes=plan.selection.genes[chosen.positions], labels=tuple(labels))
    made = plan_selection(plan.source, plan.options, fewer, counting=False, findings=())
    near = None if made.statistics is None else made.statistics.neighbours
    if made.statistics is None or near is None or near.seconds <= _MOST_SECONDS:
        return made
    return replace(made, statistics=replace(made.statistics, neighbours=replace(near, permutations=0)))


def _tasks(
    plan: ExportPlan, part: ExportPlan, chosen: Sampled, sink: ComparingSink, scratch: RunScratch
) -> Task[Sealed] | Task[SomeSums]:
    tasks, (each,) = Tasks(), begin(plan, (sink,), timestamp())
    genes: list[Task[Written]] = []
    layer = layer_sums(tasks, part, scratch)
    if plan.selection.matrix:
        job, writer = matrix_job(part, (each,), scratch), each.writer
        if isinstance(writer, ComparesGenes):
            writer = writer.compared_with(sink)
        some = SomeGenes(writer, chosen.positions)
        genes = gene_tasks(tasks, replace(job, writers=(some, *job.writers[1:])), layer)
    common = shared_tasks(tasks, part, scratch, genes, layer)
    if (
        chosen.all_genes
    ):  # also the objects made from all genes together, such as the table of their summaries
        return each.sealed(tasks, common, genes, 0)
    # Rankings and adjusted p-values follow from all genes together; the rest of statistics is compared later.
    without = replace(common, sums=None, statistics=None, pseudobulk=None)
    rest = each.rest(tasks, tasks.constant(each.job), without)
    return tasks.call("seal", _sums, rest, genes, common.sums, common.pseudobulk)


def _sums(rest: Any, genes: Any, statistics: SummedGenes | None, pseudobulk: SummedGenes | None) -> SomeSums:
    return SomeSums(statistics, pseudobulk)
