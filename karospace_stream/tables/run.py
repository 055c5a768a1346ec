"""Run the part of an export that sums genes, and make tables of the sums."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from karospace_stream.formats.genes.job import MatrixJob, SideJob
from karospace_stream.formats.genes.statistics.neighbourhoods import FoundNeighbours
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.genes.statistics.writer import SumsWriter
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.model.finding import Finding
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.counting.prepare import prepared_input
from karospace_stream.pipeline.counting.scores import resolve_scores
from karospace_stream.pipeline.gather import Written
from karospace_stream.pipeline.preflight import check_run
from karospace_stream.pipeline.scratch import RunScratch, make_scratch
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.pipeline.stages import gene_tasks, neighbours_task
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import FormatsPlanner, plan_export, resolve_genes
from karospace_stream.runtime.events import Listener, Note, StageTotals, TaskDone
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.runtime.run import run, session
from karospace_stream.runtime.shared_values import forget
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.tables.frames import genes_frame, groups_frame, markers_frame
from karospace_stream.tables.neighbours import as_squidpy, co_occurrence_frames, neighbours_frames
from karospace_stream.tables.plan import ROW_NBYTES, WRITTEN_ROW_NBYTES, WRITTEN_SCORE_NBYTES, plan_tables
from karospace_stream.tables.result import GeneStatistics
from karospace_stream.tables.scores import findings_of_tables, scores_frame
from karospace_stream.transpose.array_scratch import ArrayScratch

_STAGE = "tables"
#: Codes of findings about parts of the input that statistics do not read.
_ABOUT_OTHER_PARTS = frozenset(
    (
        "constant-columns",
        "counts-elsewhere",
        "no-default-embedding",
        "obs-coordinates",
        "overlapping-sections",
        "text-as-numbers",
        "text-cut",
        "unreadable",
    )
)


def compute(
    source: Any,
    options: ExportOptions,
    listener: Listener,
    write: Callable[[GeneStatistics], None] | None = None,
) -> GeneStatistics:
    """Compute all tables.

    Parameters
    ----------
    write
        Writes them to a file, which counts in the budget.

    Raises
    ------
    KaroSpaceError
        If anything is wrong. Nothing stays in scratch.
    """
    began = time.monotonic()
    with session(options.scheduler), PeakMemory() as memory:
        planner = _planner(written=write is not None)
        with planned_sums(source, options, listener, planner) as plan:
            n_said = len(plan.findings)
            send_findings(listener, plan.findings)
            made = _compute(plan, listener, planner, write)
        send_findings(listener, made.findings[n_said:])
        return replace(made, seconds=time.monotonic() - began, peak_nbytes=memory.nbytes)


def _compute(
    plan: ExportPlan,
    listener: Listener,
    planner: FormatsPlanner,
    write: Callable[[GeneStatistics], None] | None,
) -> GeneStatistics:
    scratch = make_scratch(plan)
    try:
        store = None if scratch.scores is None else scratch.scores.store
        plan = resolve_scores(plan, store, listener, planner)
        summed = None if plan.statistics is None else sum_genes(plan, scratch, listener)
        plan.source.check()
        n_columns = 0 if summed is None else len(summed.plan.request.groupings)
        listener(StageTotals({_STAGE: n_columns + (write is not None)}))
        made = _tables(plan, summed, listener)
        if write is not None:
            write(made)
            listener(TaskDone(_STAGE))
    finally:
        scratch.remove()
    return made


def _planner(*, written: bool) -> FormatsPlanner:
    if not written:
        return partial(plan_tables, row_nbytes=ROW_NBYTES)
    return partial(plan_tables, row_nbytes=WRITTEN_ROW_NBYTES, score_nbytes=WRITTEN_SCORE_NBYTES)


@contextmanager
def planned_sums(
    source: Any, options: ExportOptions, listener: Listener, planner: FormatsPlanner
) -> Iterator[ExportPlan]:
    """Plan an export that only sums genes, prepare its input, and choose its genes."""
    plan = plan_export(source, options, planner)
    check_run(plan)
    with prepared_input(plan, listener, planner) as prepared:
        resolved = resolve_genes(prepared, partial(count_genes, listener=listener), planner)
        about = (each for each in resolved.findings if each.code not in _ABOUT_OTHER_PARTS)
        yield replace(resolved, findings=tuple(findings_of_tables(about)))


def send_findings(listener: Listener, findings: tuple[Finding, ...]) -> None:
    """Tell a listener what the program noticed."""
    for each in findings:
        listener(Note(each.text, each))


def sum_genes(plan: ExportPlan, scratch: RunScratch, listener: Listener) -> SummedGenes:
    """Read the matrix, and sum its genes over the groups of the plan."""
    statistics, sums = plan.statistics or plan.pseudobulk, scratch.sums or scratch.pseudobulk
    assert statistics is not None  # `plan_tables` refuses a plan without groups
    assert sums is not None
    tasks = Tasks()
    genes = gene_tasks(tasks, _job(plan, scratch, statistics, sums))
    near = neighbours_task(tasks, plan, scratch)
    written, found = run(
        tasks.call("statistics", _together, genes, near),
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        required_paths=required_paths(plan.source, (), scratch),
        at_end=partial(forget, scratch.side),
    )
    return SummedGenes(statistics, sums, tuple(each for of_task in written for each in of_task[0]), found)


def _together(
    written: Sequence[Written], found: FoundNeighbours | None
) -> tuple[Sequence[Written], FoundNeighbours | None]:
    return written, found


def _job(plan: ExportPlan, scratch: RunScratch, statistics: StatisticsPlan, sums: ArrayScratch) -> MatrixJob:
    return MatrixJob(
        plan.matrix,
        plan.selection,
        plan.transpose,
        scratch.fragments,
        writers=(SumsWriter(statistics.request, sums, wide=True),),
        needs=(statistics.side,),
        side=None if plan.side is None else SideJob(scratch.side, plan.side_source, plan.side),
    )


def _tables(plan: ExportPlan, summed: SummedGenes | None, listener: Listener) -> GeneStatistics:
    found = _without_genes(plan) if summed is None else _of_genes(plan, summed, listener)
    return replace(found, scores=scores_frame(plan))


def _without_genes(plan: ExportPlan) -> GeneStatistics:
    genes = pd.DataFrame(index=pd.Index([], dtype=object, name="gene"))
    return _result(plan, StatisticsRequest(()), genes, {}, {}, plan.findings)


def _of_genes(plan: ExportPlan, summed: SummedGenes, listener: Listener) -> GeneStatistics:
    request = summed.plan.request
    autocorrelation = summed.autocorrelation()
    genes = genes_frame(plan.selection.labels, *summed.genes(), autocorrelation)
    findings = [*plan.findings, *summed.findings()]
    groups: dict[str, pd.DataFrame] = {}
    near = summed.neighbours
    findings += () if near is None else near.findings()
    markers: dict[str, pd.DataFrame] = {}
    for number, grouping in enumerate(request.groupings):
        compared = summed.grouping(number)  # of one column at a time, which are large
        groups[grouping.column] = groups_frame(genes.index, compared)
        if request.test != "none":
            markers[grouping.column] = markers_frame(genes.index, compared)
        findings += compared.findings()
        listener(TaskDone(_STAGE))
    return replace(
        _result(plan, request, genes, groups, markers, tuple(findings)),
        neighbours=neighbours_frames(near),
        co_occurrence=co_occurrence_frames(near),
        squidpy=as_squidpy(plan.selection.labels, autocorrelation, near),
    )


def _result(
    plan: ExportPlan,
    request: StatisticsRequest,
    genes: pd.DataFrame,
    groups: dict[str, pd.DataFrame],
    markers: dict[str, pd.DataFrame],
    findings: tuple[Finding, ...],
) -> GeneStatistics:
    return GeneStatistics(
        location=plan.catalog.location,
        n_cells=plan.selection.n_cells,
        genes=genes,
        groups=groups,
        markers=markers,
        request=request,
        matrix=plan.selection.matrix,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        findings=findings,
    )
