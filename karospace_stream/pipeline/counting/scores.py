"""Score gene sets in every cell before the export: one pass for the means of genes, one for the scores."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.set_scores import (
    N_BINS,
    GeneByGene,
    Scoring,
    bins_of,
    runs_of,
    score_rows,
)
from karospace_stream.errors import TargetError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.registry import plan_formats
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import MatrixReader
from karospace_stream.pipeline.counting.means import count_known_means, gene_bounds
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import FormatsPlanner
from karospace_stream.plan.row_blocks import plain_block, read_block
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.source.genes.scores import ScoreFile, score_bytes, score_column
from karospace_stream.storage import Headers, Store
from karospace_stream.transpose.kernels import positions
from karospace_stream.units import counted

#: Of a file of scores, at most.
FILE_NBYTES = 16 << 20
#: Of the sums of a task that takes complete genes, if one set allows.
SUMS_NBYTES = 64 << 20
_GAP = 64  # genes that are not needed, read rather than passed over


@dataclass(frozen=True, slots=True)
class ScorePass:
    """Input of each task of the second pass.

    Attributes
    ----------
    cells
        Source rows of the exported cells; None for all.
    cuts
        Rows at which blocks end.
    """

    matrix: MatrixReader
    cells: npt.NDArray[np.int64] | None
    n_cells: int
    scoring: Scoring
    cuts: tuple[int, ...]
    store: Store


def resolve_scores(
    plan: ExportPlan, store: Store | None, listener: Listener, formats: FormatsPlanner = plan_formats
) -> ExportPlan:
    """The plan with the scores of its gene sets computed, as columns whose values are in scratch."""
    if store is None:
        return plan
    sets = [np.sort(np.array(each.genes, np.int64)) for each in plan.selection.gene_sets.scored]
    means = count_known_means(plan, listener)
    bins = bins_of(means)
    usable = [genes[np.isfinite(means[genes])] for genes in sets]
    scoring = Scoring.of(usable, bins)
    job = ScorePass(
        plan.matrix,
        plan.selection.cells,
        plan.selection.n_cells,
        scoring,
        plan.transpose.row_cuts,
        store,
    )
    nested: list[list[ScoreFile]] = run(
        _score_tasks(Tasks(), job, max(plan.transpose.gather_nbytes, plan.transpose.scatter_nbytes)),
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        required_paths=(*required_paths(plan.source), *_local(store)),
    )
    files = [each for several in nested for each in several]
    n_rows = plan.source.catalog.n_cells
    source = plan.source.with_columns(
        {
            name: score_column(f"obs/{name}", n_rows, store, number, files, plan.selection.cells)
            for number, name in enumerate(plan.selection.gene_sets.columns)
        }
    )
    resolved = formats(source, plan.options, plan.selection, genes_known=True)
    findings = (*plan.findings, *_without_controls(plan, scoring))
    return replace(plan, source=source, formats=resolved, findings=findings)


def _local(store: Store) -> list[str]:
    url = store.location.url
    return [url.removeprefix("file://")] if url.startswith("file://") else []


def _without_controls(plan: ExportPlan, scoring: Scoring) -> Iterator[Finding]:
    several = zip(plan.selection.gene_sets.scored, scoring.n_controls.tolist(), strict=True)
    odd = [each.name for each, n_controls in several if not n_controls]
    if odd:
        more = ", …" if len(odd) > 1 else ""
        text = (
            f"{counted(len(odd), 'gene set')} without a score, as there are no other genes with such means "
            f"to compare with: {odd[0]!r}{more}"
        )
        yield Finding("sets-without-controls", text, "gene_sets")


def _score_tasks(tasks: Tasks, job: ScorePass, task_nbytes: int) -> Task[list[list[ScoreFile]]]:
    lazy, n_sets = job.matrix.lazy(), job.scoring.n_sets
    n_rows, n_genes = job.matrix.info.shape
    if job.matrix.info.gene_major:
        step = max(1, (SUMS_NBYTES // max(1, 8 * job.n_cells) - N_BINS) // 3)
        bounds = tuple(gene_bounds(job.matrix, task_nbytes))
        shared = tasks.constant((job, bounds))
        parts = [
            tasks.call("scores", _by_genes, shared, first, min(first + step, n_sets))
            for first in range(0, n_sets, step)
        ]
        return tasks.call("scores", list, parts)
    shared_job = tasks.constant(job)
    if lazy is not None:
        blocks = lazy.rechunk((lazy.chunks[0], (n_genes,)))
        heights = (0, *np.cumsum(lazy.chunks[0]).tolist())
        return tasks.call(
            "scores",
            list,
            tasks.over_blocks("scores", partial(_lazy_block, cuts=heights), blocks, shared_job),
        )
    height = rows_of_file(n_sets)
    starts = range(0, n_rows, height)
    parts = [tasks.call("scores", _rows, shared_job, a, min(a + height, n_rows)) for a in starts]
    return tasks.call("scores", list, parts)


def rows_of_file(n_sets: int) -> int:
    """Rows of the source whose scores are in one file."""
    return min(TILE, max(1024, FILE_NBYTES // max(1, 4 * n_sets)))


def _rows(job: ScorePass, start: int, stop: int) -> list[ScoreFile]:
    inner = [cut for cut in job.cuts if start < cut < stop]
    blocks = (
        (read_block(job.matrix, first, end), first, end)
        for first, end in itertools.pairwise([start, *inner, stop])
    )
    return _write_rows(job, blocks, start, stop)


def _lazy_block(block: Any, number: int, job: ScorePass, *, cuts: tuple[int, ...]) -> list[ScoreFile]:
    start, stop = cuts[number], cuts[number + 1]
    plain = plain_block(block, job.matrix.info.name)
    height, files = rows_of_file(job.scoring.n_sets), []
    for first in range(start, stop, height):
        end = min(first + height, stop)
        files += _write_rows(job, iter([(plain[first - start : end - start], first, end)]), first, end)
    return files


def _write_rows(
    job: ScorePass, blocks: Iterator[tuple[Any, int, int]], start: int, stop: int
) -> list[ScoreFile]:
    first_cell, end_cell = start, stop
    if job.cells is not None:
        first_cell, end_cell = np.searchsorted(job.cells, (start, stop)).tolist()
    scores = np.zeros((job.scoring.n_sets, end_cell - first_cell), np.float32)
    at = 0
    for block, first, end in blocks:
        if job.cells is not None:
            kept = job.cells[slice(*np.searchsorted(job.cells, (first, end)))] - first
            block = block[kept]
        for several in score_rows(block, job.scoring):
            with np.errstate(over="ignore"):
                scores[:, at : at + several.shape[1]] = several
            at += several.shape[1]
    return [_write(job, scores, 0, first_cell)] if end_cell > first_cell else []


def _by_genes(of: tuple[ScorePass, tuple[tuple[int, int], ...]], first: int, stop: int) -> list[ScoreFile]:
    job, bounds = of
    scoring = job.scoring.some(first, stop)
    sums, needed = GeneByGene(scoring, job.n_cells), scoring.genes
    exported = positions(job.cells, job.matrix.info.shape[0])
    wanted = set(needed.tolist())
    for pair in bounds:
        for begin, end in runs_of(needed, *pair, _GAP):
            band = job.matrix.read_genes(begin, end)
            for gene, (low, high) in enumerate(itertools.pairwise(band.indptr.tolist()), begin):
                if gene not in wanted:
                    continue
                rows, values = band.rows[low:high], band.data[low:high]
                if exported is not None:
                    rows = exported[rows]
                    rows, values = rows[rows >= 0], values[rows >= 0]
                sums.add(gene, rows, values)
    scores, files = sums.scores(), []
    step = max(1, FILE_NBYTES // max(1, 4 * (stop - first)))
    for cell in range(0, job.n_cells, step):
        with np.errstate(over="ignore"):
            files.append(_write(job, scores[:, cell : cell + step].astype(np.float32), first, cell))
    return files


def _write(job: ScorePass, scores: npt.NDArray[np.float32], first_set: int, first_cell: int) -> ScoreFile:
    key = f"scores_{first_set:05d}_{first_cell:010d}.bin"
    try:
        job.store.put(key, score_bytes(scores), Headers())
    except OSError as error:
        raise TargetError(
            f"--scratch {job.store.shown}: scores could not be written: {error}; make room or name another "
            "folder with --scratch"
        ) from error
    return ScoreFile(key, first_set, scores.shape[0], first_cell, scores.shape[1])
