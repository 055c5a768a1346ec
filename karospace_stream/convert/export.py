"""Run a plan: compute its graph, then seal the bundle or take everything back."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from karospace_stream.convert.apart import refuse_mixing
from karospace_stream.convert.format import Sealed
from karospace_stream.convert.means import mean_tasks
from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import at, begin_targets, give_up, n_objects
from karospace_stream.convert.plan import ExportPlan, plan_export, settle
from karospace_stream.convert.report import Report, report_facts
from karospace_stream.convert.resume.begin import Begun, begin
from karospace_stream.convert.resume.complete import complete_already
from karospace_stream.convert.resume.ending import leave, sweep, take_over
from karospace_stream.convert.resume.found import as_before, left_behind, to_go_on_with
from karospace_stream.convert.resume.telling import how_far, what_was_left
from karospace_stream.convert.resume.whole import end, note_whole
from karospace_stream.convert.sight import paths_to_see, refuse_to_send
from karospace_stream.convert.stages import build
from karospace_stream.convert.take_back import work_of
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.karospace.report import report_blob
from karospace_stream.runtime import stop
from karospace_stream.runtime.events import Event, Listener, Note, WorkerPeak, ignore
from karospace_stream.runtime.graph import run, session, to_delayed
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.target import Target

#: Does something with a plan whose targets are made, before its stages are run; gives the targets to use.
Prepare = Callable[[ExportPlan, Sequence[Target]], Sequence[Target]]


def run_export(
    source: Any,
    target: str | os.PathLike[str],
    options: ExportOptions,
    listener: Listener = ignore,
    prepare: Prepare | None = None,
    keep: bool | None = None,
) -> Report:
    """Plan and run an export.

    Parameters
    ----------
    keep
        Whether what is done stays for another run where this one is cut off; by default if it is resumed.

    Raises
    ------
    KaroSpaceError
        If anything is wrong; then nothing of the new bundle is left, and an older one is whole.
    """
    with session(options.scheduler):
        return _run_export(source, target, options, listener, prepare, keep)


def _run_export(
    source: Any,
    target: str | os.PathLike[str],
    options: ExportOptions,
    listener: Listener,
    prepare: Prepare | None,
    keep: bool | None,
) -> Report:
    started, options = time.monotonic(), at(options, target)
    last = to_go_on_with(options, target) if options.resume else left_behind(options, target)
    before = last if options.resume else None
    plan = plan_export(source, as_before(options, before.head) if before and before.head else options)
    _check_source(plan)
    refuse_mixing(plan, target)
    left = what_was_left(last, options, target) if last and not before else None
    for note in (*plan.notes, *filter(None, [left])):
        listener(Note(note))
    if before and before.head and before.report:
        end(settle(plan, partial(count_means, listener=listener)), target, before.token, before.head)
        sweep(options, target)
        listener(Note("continued: it was whole, and is in place now"))
        return before.report
    if options.resume and not options.overwrite and before is None:
        done = complete_already(plan, target)
        if done is not None:
            sweep(options, target)
            listener(
                Note("nothing to do: the export is whole, with these options (--overwrite makes it anew)")
            )
            return done
    workers = _Workers(listener)
    token = before.token if before else secrets.token_hex(4)
    wish = options.resume if keep is None else keep
    places: Sequence[Target] = ()
    begun: Begun | None = None
    with PeakMemory() as memory, stop.at_work(work := work_of(options, target, token, before is not None)):
        try:
            take_over(options, target, listener)
            places = begin_targets(plan, target, token, go_on=before is not None)
            settled = settle(plan, partial(count_means, listener=listener))
            begun = begin(settled, places, token)
            work["keep"] = wish
            if begun.continued:
                listener(Note(how_far(begun)))
            targets = places if prepare is None else prepare(settled, places)
            graph = build(settled, targets, begun.scratch, begun.began_at, records=begun.records)
            sealed: list[Sealed] = run(
                graph,
                scheduler=options.scheduler,
                workers=settled.workers,
                listener=workers,
                must_see=paths_to_see(settled.source, places, begun.scratch),
            )
            settled.source.check()
            peak = workers.peak_nbytes or memory.nbytes
            report = _report(settled, places, sealed, time.monotonic() - started, peak)
            _seal(settled, places, report, begun)
        except BaseException as error:
            with stop.shielded():
                # Before it has begun, all that there may be is of the earlier run.
                for sentence in leave(places, begun, error, work):
                    listener(Note(sentence))
            raise
    sweep(options, target)
    for note in report.notes[len(plan.notes) :]:
        listener(Note(note))
    return report


class _Workers:
    """Listens to what the workers of a cluster say of their memory, and passes everything on."""

    def __init__(self, listener: Listener) -> None:
        self.peak_nbytes = 0
        self._listener = listener

    def __call__(self, event: Event) -> None:
        if isinstance(event, WorkerPeak):
            self.peak_nbytes = event.nbytes
        self._listener(event)


def _check_source(plan: ExportPlan) -> None:
    if plan.options.resume and plan.catalog.container == "memory":
        raise BadOptionError(
            "--resume wants a path or a URL as input: an AnnData in memory ends with its process"
        )
    if is_address(plan.options.scheduler):
        refuse_to_send(plan.source)


def _report(
    plan: ExportPlan, places: Sequence[Target], sealed: Sequence[Sealed], seconds: float, peak: int
) -> Report:
    faults = dict.fromkeys(note for each in sealed for note in each.notes)
    return Report(
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(n_objects(place, each) for place, each in zip(places, sealed, strict=True)),
        nbytes=sum(each.nbytes for each in sealed),
        seconds=seconds,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=peak,
        notes=(*plan.notes, *faults),
        targets=tuple(place.location for place in places),
        left_out=plan.left_out,
    )


def _seal(plan: ExportPlan, places: Sequence[Target], report: Report, begun: Begun) -> None:
    """Show the exports, the one with the ledger last.

    Scratch goes before: as long as there is a ledger, it is found where this process is killed.

    A KaroSpace bundle tells how it was made, the other format has no place for it.
    """
    for each, place in zip(plan.formats, places, strict=True):
        if each.name == "karospace":
            place.put(report_blob(report_facts(report, plan)))
    note_whole(places[0].shelf(), report)
    begun.scratch.remove()
    stop.check()
    for place in reversed(places):
        place.seal()


def lazy_export(plan: ExportPlan, target: str | os.PathLike[str]) -> Any:
    """The export as one lazy Dask task, that anyone can compute."""
    settled = settle(plan, partial(count_means, listener=ignore))
    token = secrets.token_hex(4)
    refuse_mixing(settled, target)
    places = begin_targets(settled, target, token)
    try:
        begun = begin(settled, places, token)
    except BaseException:
        give_up(places, keep=False)
        raise
    # Computed by anyone, at any time: there is nobody to go on with it, so that nothing is noted.
    return to_delayed(build(settled, places, begun.scratch, begun.began_at, seal=True))


def count_means(plan: ExportPlan, listener: Listener) -> Any:
    """The means of all genes over the exported cells, float64 ``(n_genes,)``."""
    means = mean_tasks(Tasks(), plan.matrix, plan.selection, plan.transpose)
    return run(
        means,
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        must_see=paths_to_see(plan.source),
    )
