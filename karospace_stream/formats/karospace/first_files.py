"""Write columns and embeddings first, so that a page can open before the genes are there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from karospace_stream.formats.karospace.genes.listed import packed_genes
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.atlas import gene_table
from karospace_stream.formats.karospace.plan import KarospacePlan
from karospace_stream.formats.karospace.seal import Written, write_atlas
from karospace_stream.formats.karospace.stages import build_first
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.targets import Sink


def write_first_files(plan: KarospacePlan, target: Sink, *, workers: int, listener: Listener) -> None:
    """Write names of cells and genes, columns, embeddings, and an ``atlas.json`` with these only.

    The stages of the export write all of it again, the same bytes under the same names, except for
    the gene table and the atlas, which then contain more.
    """
    job = KarospaceJob.of(plan, target, timestamp())
    written = run(_early(job), scheduler=plan.options.scheduler, workers=workers, listener=listener)
    unknown = [None] * len(job.selection.genes)
    labels, ids, positions = job.selection.labels, job.selection.ids, job.selection.genes.tolist()
    groups = None if job.selection.gene_groups is None else job.selection.gene_groups.to_json()
    table = gene_table(labels, ids, positions, unknown, unknown, unknown, unknown, groups=groups)
    receipt = job.put_packed(names.gene_table(job.level is not None), [table])
    early = replace(job, plan=replace(job.plan, vectors=()))
    write_atlas(early, written, receipt, packed_genes(early, ()), running=True)


def _early(job: KarospaceJob) -> Task[Written]:
    tasks = Tasks()
    return tasks.call("arrays", _written, *build_first(tasks, job, tasks.constant(job)))


def _written(cell_ids: Any, columns: Any, bounds: Any, embeddings: Any, order: Any) -> Written:
    return Written(
        obs_csv=(),
        obs_json=(),
        coords=(),
        var=(),
        cell_ids=cell_ids,
        columns=columns,
        bounds=bounds,
        embeddings=embeddings,
        vectors=(),
        images=(),
        preview=None,
        graph=None,
        order=order,
    )
