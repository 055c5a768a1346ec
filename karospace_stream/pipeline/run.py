"""Carry out an export: find an earlier run, plan, start, compute the graph, finish."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from karospace_stream.formats.format import Sealed
from karospace_stream.model.finding import Finding
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.counting.prepare import prepare_input
from karospace_stream.pipeline.preflight import check_run, refuse_overlaps
from karospace_stream.pipeline.report import Report, make_report
from karospace_stream.pipeline.resume.already_complete import publish_if_complete
from karospace_stream.pipeline.resume.find import Earlier, find
from karospace_stream.pipeline.resume.finish import finish, remove_stale
from karospace_stream.pipeline.resume.start import open_run, start
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.pipeline.stages import build
from karospace_stream.pipeline.targets import discard_targets, open_targets, with_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import plan_export, resolve_genes
from karospace_stream.runtime.events import Event, Listener, Note, WorkerPeak, ignore
from karospace_stream.runtime.graph import to_delayed
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.runtime.run import run, session
from karospace_stream.runtime.shared_values import forget
from karospace_stream.targets import Target

#: Called with the plan and its opened targets before the stages run; returns the targets to write to.
BeforeRun = Callable[[ExportPlan, Sequence[Target]], Sequence[Target]]


def run_export(
    source: Any,
    target: str | os.PathLike[str],
    options: ExportOptions,
    listener: Listener = ignore,
    before_run: BeforeRun | None = None,
    keep: bool | None = None,
) -> Report:
    """Plan and run an export.

    Parameters
    ----------
    keep
        Whether an interrupted run keeps its results for a later one; by default, if resuming was requested.

    Raises
    ------
    KaroSpaceError
        If anything is wrong; then nothing of the new bundle remains, and an older one is intact.
    """
    began = time.monotonic()
    with session(options.scheduler):
        options = with_targets(options, target)
        earlier = find(options)
        plan = plan_export(source, earlier.reuse_cut(options))
        check_run(plan)
        _send_findings(listener, *plan.findings)
        for text in earlier.notes(options):
            listener(Note(text))
        report = publish_if_complete(plan, earlier, listener)
        if report is None:
            report = _compute(plan, earlier, listener, before_run, keep, began)
            _send_findings(listener, *report.findings[len(plan.findings) :])
        remove_stale(options)
        return report


def _compute(
    plan: ExportPlan,
    earlier: Earlier,
    listener: Listener,
    before_run: BeforeRun | None,
    keep: bool | None,
    began: float,
) -> Report:
    workers = _Workers(listener)
    with PeakMemory() as memory, start(plan, earlier, listener, keep=keep) as started:
        plan, targets = started.plan, started.targets
        written = targets if before_run is None else before_run(plan, targets)
        sealed: list[Sealed] = run(
            build(plan, written, started.scratch, started.began_at, records=started.records),
            scheduler=plan.options.scheduler,
            workers=plan.workers,
            listener=workers,
            required_paths=required_paths(plan.source, targets, started.scratch),
            at_end=partial(forget, started.scratch.side),
        )
        plan.source.check()
        seconds, peak_nbytes = time.monotonic() - began, workers.peak_nbytes or memory.nbytes
        report = make_report(plan, targets, sealed, seconds, peak_nbytes)
        finish(plan, targets, started.scratch, report, sealed)
    return report


class _Workers:
    """Records the memory that cluster workers report, and passes every event on."""

    def __init__(self, listener: Listener) -> None:
        self.peak_nbytes = 0
        self._listener = listener

    def __call__(self, event: Event) -> None:
        if isinstance(event, WorkerPeak):
            self.peak_nbytes = event.nbytes
        self._listener(event)


def _send_findings(listener: Listener, *findings: Finding) -> None:
    for each in findings:
        listener(Note(each.text, each))


def lazy_export(plan: ExportPlan, target: str | os.PathLike[str]) -> Any:
    """The export as one lazy Dask task that anyone can compute."""
    plan = replace(plan, options=with_targets(plan.options, target))
    token = secrets.token_hex(4)
    refuse_overlaps(plan)
    targets = open_targets(plan, token)
    prepared = None
    try:
        plan, prepared = prepare_input(plan, ignore, targets=targets, token=token)
        resolved = resolve_genes(plan, partial(count_genes, listener=ignore))
        started = open_run(resolved, targets, token)
    except BaseException:
        if prepared is not None:
            prepared.remove()
        discard_targets(targets, keep=False)
        raise
    scratch = replace(started.scratch, prepared=prepared)
    # Computed by anyone, at any time: nobody will resume it, so no results are recorded.
    return to_delayed(build(started.plan, targets, scratch, started.began_at, seal=True))
