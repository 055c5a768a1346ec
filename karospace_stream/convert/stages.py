"""Chain the stages of a plan into one lazy graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from karospace_stream.convert.blocks import read_stored
from karospace_stream.convert.format import FormatPlan, Sealed
from karospace_stream.convert.genes import Written, gather, gather_source, scatter
from karospace_stream.convert.graph import GraphJob, graph_tasks
from karospace_stream.convert.job import MatrixJob
from karospace_stream.convert.places import RunScratch
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.runtime.graph import Tasks, rechunk_rows, row_blocks
from karospace_stream.target import Target


def build(plan: ExportPlan, targets: Sequence[Target], scratch: RunScratch, *, seal: bool = False) -> Any:
    """All stages as one lazy graph that ends with the manifests: for each format what was sealed.

    Parameters
    ----------
    targets
        One for each format.
    seal
        Whether the last task also shows the exports and removes the scratch; otherwise that is
        left to the caller.
    """
    jobs = [each.begin(target) for each, target in zip(plan.formats, targets, strict=True)]
    tasks = Tasks()
    genes = _gene_tasks(tasks, matrix_job(plan, jobs, scratch)) if plan.selection.matrix else []
    graph = _graph_tasks(tasks, plan, scratch)
    finished = []
    for number, (each, job) in enumerate(zip(plan.formats, jobs, strict=True)):
        shared = tasks.constant(job)
        rest = each.stages(tasks, job, shared, graph)
        finished.append(tasks.call("seal", _finish, tasks.constant(each), shared, rest, genes, number))
    if not seal:
        return tasks.call("seal", list, finished)
    return tasks.call("seal", _seal, finished, tasks.constant(tuple(targets)), tasks.constant(scratch))


def matrix_job(plan: ExportPlan, jobs: Sequence[Any], scratch: RunScratch) -> MatrixJob:
    """What the tasks that turn the matrix are given."""
    writers = tuple(each.writer(job) for each, job in zip(plan.formats, jobs, strict=True))
    return MatrixJob(plan.matrix, plan.selection, plan.transpose, scratch.fragments, writers)


def _graph_tasks(tasks: Tasks, plan: ExportPlan, scratch: RunScratch) -> Any | None:
    if plan.graph is None or scratch.edges is None:
        return None
    reader = plan.source.matrix(f"obsp/{plan.graph.key}")
    return graph_tasks(tasks, GraphJob(reader, plan.graph, plan.selection.cells, scratch.edges))


def _gene_tasks(tasks: Tasks, job: MatrixJob) -> list[Any]:
    plan, shared = job.transpose, tasks.constant(job)
    n_bands = len(plan.gene_cuts) - 1
    bounds = list(pairwise([*range(0, n_bands, plan.bands_per_task), n_bands]))
    if plan.strategy == "pass":
        return [tasks.call("gather", gather_source, shared, *pair) for pair in bounds]
    info = job.matrix.info
    lazy = job.matrix.lazy()
    if lazy is not None:
        blocks = rechunk_rows(lazy, plan.row_cuts)
    else:
        read = partial(read_stored, job.matrix)
        blocks = row_blocks(read, plan.row_cuts, info.shape[1], info.dtype, dense=info.layout == "dense")
    fragments = tasks.over_blocks("scatter", scatter, blocks, job)
    index = tasks.call("gather", list, fragments)
    return [tasks.call("gather", gather, shared, index, *pair) for pair in bounds]


def _finish(plan: FormatPlan, job: Any, rest: Any, genes: Sequence[Written], number: int) -> Sealed:
    return plan.finish(job, rest, [known for written in genes for known in written[number]])


def _seal(sealed: list[Sealed], targets: tuple[Target, ...], scratch: RunScratch) -> list[Sealed]:
    for target in targets:
        target.seal()
    scratch.remove()
    return sealed
