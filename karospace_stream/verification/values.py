"""Export the source again, and compare instead of writing: every value, out of core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from karospace_stream.formats.gene_writers import MatrixJob, MatrixWriter
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.gene_means import count_means
from karospace_stream.pipeline.scratch import RunScratch, make_scratch
from karospace_stream.pipeline.stages import gene_tasks, graph_task
from karospace_stream.plan.export_plan import ExportPlan, plan_export, plan_selection, resolve_genes
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.verification.sink import ComparingSink, SomeGenes


@dataclass(frozen=True, slots=True)
class Sampled:
    """The compared genes: their positions in exported order, all of them or some."""

    positions: Any
    whole: bool


def compare_values(
    source: Any, options: ExportOptions, sink: ComparingSink, sample: int | None, listener: Listener
) -> ExportPlan:
    """Compare everything that an export would write; return the plan of that export.

    Parameters
    ----------
    sample
        Compare this many genes, drawn with a fixed seed, and everything except genes; None for all genes.

    Raises
    ------
    KaroSpaceError
        If the source cannot be exported with these options.
    """
    plan = resolve_genes(plan_export(source, options), partial(count_means, listener=listener))
    one_array = plan.formats[0].demand.exact  # no part of which can be computed from some genes alone
    chosen = _sample(len(plan.selection.genes), None if one_array else sample)
    part = _only(plan, chosen)
    scratch = make_scratch(part)
    try:
        task = _tasks(plan, part, chosen, sink, scratch)
        run(task, scheduler=options.scheduler, workers=part.workers, listener=listener)
    finally:
        scratch.remove()
    return plan


def _sample(n_genes: int, sample: int | None) -> Sampled:
    if sample is None or sample >= n_genes:
        return Sampled(np.arange(n_genes), whole=True)
    return Sampled(np.sort(np.random.default_rng(0).choice(n_genes, sample, replace=False)), whole=False)


def _only(plan: ExportPlan, chosen: Sampled) -> ExportPlan:
    """The plan with the matrix cut for the chosen genes only."""
    if chosen.whole or not plan.selection.matrix:
        return plan
    labels = [plan.selection.labels[position] for position in chosen.positions.tolist()]
    fewer = replace(plan.selection, genes=plan.selection.genes[chosen.positions], labels=tuple(labels))
    return plan_selection(plan.source, plan.options, fewer, counting=False, notes=())


def _tasks(
    plan: ExportPlan, part: ExportPlan, chosen: Sampled, sink: ComparingSink, scratch: RunScratch
) -> Task:
    tasks, (each,) = Tasks(), plan.formats
    job = each.begin(sink, timestamp())
    genes: Sequence[Task] = []
    if plan.selection.matrix:
        writer = each.writer(job)
        if not isinstance(writer, MatrixWriter):
            writer = SomeGenes(writer, chosen.positions)
        turned = MatrixJob(part.matrix, part.selection, part.transpose, scratch.fragments, (writer,))
        genes = gene_tasks(tasks, turned)
    rest = each.stages(tasks, job, tasks.constant(job), graph_task(tasks, part, scratch))
    if not chosen.whole:
        return tasks.call("seal", _nothing, rest, list(genes))
    return tasks.call("seal", _finish, tasks.constant((each, job)), rest, list(genes))


def _finish(given: tuple[Any, Any], rest: Any, genes: Sequence[Any]) -> None:
    """Compare the object made from all genes together: the table of their summaries."""
    plan, job = given
    plan.finish(job, rest, [known for written in genes for known in written[0]])


def _nothing(*_: Any) -> None:
    return None
