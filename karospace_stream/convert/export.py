"""Run a plan: compute its graph, then seal the bundle or take everything back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from karospace_stream.convert.format import Sealed
from karospace_stream.convert.means import mean_tasks
from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import begin_targets, make_scratch
from karospace_stream.convert.plan import ExportPlan, plan_export, settle
from karospace_stream.convert.report import Report, report_facts
from karospace_stream.convert.stages import build
from karospace_stream.formats.karospace.report import report_blob
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.runtime.graph import Tasks, run
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.target import LocalTarget, Target

#: Does something with a plan whose targets are made, before its stages are run; gives the targets to use.
Prepare = Callable[[ExportPlan, Sequence[LocalTarget]], Sequence[Target]]


def run_export(
    source: Any,
    target: str | os.PathLike[str],
    options: ExportOptions,
    listener: Listener = ignore,
    prepare: Prepare | None = None,
) -> Report:
    """Plan and run an export.

    Raises
    ------
    KaroSpaceError
        If anything is wrong; then nothing of the new bundle is left, and an older one is whole.
    """
    started = time.monotonic()
    plan = plan_export(source, options)
    for note in plan.notes:
        listener(Note(note))
    with PeakMemory() as memory:
        places = begin_targets(plan, target)
        scratch = None
        try:
            settled = settle(plan, partial(count_means, listener=listener))
            scratch = make_scratch(settled)
            targets = places if prepare is None else prepare(settled, places)
            graph = build(settled, targets, scratch)
            sealed: list[Sealed] = run(
                graph, scheduler=options.scheduler, workers=settled.workers, listener=listener
            )
            report = _report(settled, places, sealed, time.monotonic() - started, memory.nbytes)
            _seal(settled, places, report)
        except BaseException:
            for place in places:
                place.abort()
            raise
        finally:
            if scratch is not None:
                scratch.remove()
    for note in report.notes[len(plan.notes) :]:
        listener(Note(note))
    return report


def _report(
    plan: ExportPlan, places: Sequence[LocalTarget], sealed: Sequence[Sealed], seconds: float, peak: int
) -> Report:
    faults = dict.fromkeys(note for each in sealed for note in each.notes)
    return Report(
        target=places[0].location,
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(each.n_objects for each in sealed),
        nbytes=sum(each.nbytes for each in sealed),
        seconds=seconds,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=peak,
        notes=(*plan.notes, *faults),
        targets=tuple(place.location for place in places),
    )


def _seal(plan: ExportPlan, places: Sequence[LocalTarget], report: Report) -> None:
    """Show the exports; a KaroSpace bundle tells how it was made, the other format has no place for it."""
    for each, place in zip(plan.formats, places, strict=True):
        if each.name == "karospace":
            place.put(report_blob(report_facts(report, plan)))
    for place in places:
        place.seal()


def lazy_export(plan: ExportPlan, target: str | os.PathLike[str]) -> Any:
    """The export as one lazy Dask task, that anyone can compute."""
    settled = settle(plan, partial(count_means, listener=ignore))
    places = begin_targets(settled, target)
    try:
        scratch = make_scratch(settled)
    except BaseException:
        for place in places:
            place.abort()
        raise
    return build(settled, places, scratch, seal=True)


def count_means(plan: ExportPlan, listener: Listener) -> Any:
    """The means of all genes over the exported cells, float64 ``(n_genes,)``."""
    means = mean_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose)
    return run(means, scheduler=plan.options.scheduler, workers=plan.workers, listener=listener)
