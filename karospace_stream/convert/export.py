"""Run a plan: compute its graph, then seal the bundle or take everything back."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any

from karospace_stream.convert.means import mean_tasks
from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import make_scratch
from karospace_stream.convert.plan import ExportPlan, plan_export, settle
from karospace_stream.convert.report import Report, report_facts
from karospace_stream.convert.seal import Sealed
from karospace_stream.convert.stages import build
from karospace_stream.formats.karospace import names
from karospace_stream.formats.karospace.report import report_blob
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.runtime.graph import Tasks, run
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.target import begin_local


def run_export(
    source: Any, target: str | os.PathLike[str], options: ExportOptions, listener: Listener = ignore
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
        place = begin_local(target, sealed_by=names.MANIFEST, overwrite=options.overwrite)
        scratch = None
        try:
            settled = settle(plan, partial(count_means, listener=listener))
            scratch = make_scratch(settled)
            graph = build(settled, place, scratch)
            sealed: Sealed = run(
                graph, scheduler=options.scheduler, workers=settled.workers, listener=listener
            )
            notes = (*settled.notes, *_faults(sealed))
            report = Report(
                target=place.location,
                n_cells=settled.selection.n_cells,
                n_genes=len(settled.selection.genes),
                n_objects=sealed.n_objects + 1,
                nbytes=sealed.nbytes,
                seconds=time.monotonic() - started,
                strategy=settled.transpose.strategy,
                workers=settled.workers,
                budget_nbytes=settled.budget_nbytes,
                projected_nbytes=settled.peak_nbytes,
                peak_nbytes=memory.nbytes,
                notes=notes,
            )
            place.put(report_blob(report_facts(report, settled)))
            place.seal()
        except BaseException:
            place.abort()
            raise
        finally:
            if scratch is not None:
                scratch.remove()
    for note in notes[len(plan.notes) :]:
        listener(Note(note))
    return report


def lazy_export(plan: ExportPlan, target: str | os.PathLike[str]) -> Any:
    """The export as one lazy Dask task, that anyone can compute."""
    settled = settle(plan, partial(count_means, listener=ignore))
    place = begin_local(target, sealed_by=names.MANIFEST, overwrite=plan.options.overwrite)
    try:
        scratch = make_scratch(settled)
    except BaseException:
        place.abort()
        raise
    return build(settled, place, scratch, seal=True)


def count_means(plan: ExportPlan, listener: Listener) -> Any:
    """The means of all genes over the exported cells, float64 ``(n_genes,)``."""
    means = mean_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose)
    return run(means, scheduler=plan.options.scheduler, workers=plan.workers, listener=listener)


def _faults(sealed: Sealed) -> list[str]:
    notes = []
    if sealed.n_missing:
        notes.append(f"{sealed.n_missing:,} NaN in the matrix were written as 0")
    if sealed.n_clipped:
        notes.append(
            f"{sealed.n_clipped:,} infinities in the matrix were clipped to the finite range of their gene"
        )
    return notes
