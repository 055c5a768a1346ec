"""Publish a run, keep or discard its files, and remove those of stale runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from karospace_stream.errors import KaroSpaceError
from karospace_stream.formats.format import Sealed
from karospace_stream.formats.registry import format_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.clean.folders import left_in_folders
from karospace_stream.pipeline.clean.scratch import forget_own, orphaned_scratch
from karospace_stream.pipeline.clean.stores import left_on_store
from karospace_stream.pipeline.report import Report, report_facts
from karospace_stream.pipeline.resume.complete import mark_complete
from karospace_stream.pipeline.rollback import take_back
from karospace_stream.pipeline.scratch import RunScratch
from karospace_stream.pipeline.targets import discard_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime import stop
from karospace_stream.runtime.events import Listener, Note
from karospace_stream.storage import Store, is_url, local_path, location_of
from karospace_stream.targets import Target, claim_location
from karospace_stream.targets.local.staging import absolute
from karospace_stream.targets.stores.claim import Claim
from karospace_stream.targets.stores.objects import as_target_error


def finish(
    plan: ExportPlan,
    targets: Sequence[Target],
    scratch: RunScratch,
    report: Report,
    sealed: Sequence[Sealed],
) -> None:
    """Publish the exports, the one with the ledger last.

    Scratch is removed first: while the ledger exists, scratch can be found even if this process is killed.
    """
    for each, target, written in zip(plan.formats, targets, sealed, strict=True):
        encode = format_of(each.name).report
        if encode is not None:
            target.put(encode(report_facts(report, plan, each.name, written)))
    mark_complete(targets[0].documents(), report)
    scratch.remove()
    stop.check()
    for target in reversed(targets):
        target.seal()


def discard_or_keep(
    targets: Sequence[Target], scratch: RunScratch | None, error: BaseException, work: Mapping[str, Any]
) -> list[str]:
    """Keep the files of a failed run for a later resume if that was requested; otherwise discard them.

    Parameters
    ----------
    work
        As of `take_back`.

    Returns
    -------
    Messages to the user.
    """
    keep = bool(work["keep"])
    failed = discard_targets(targets, keep=keep)
    if failed:
        stop.note_left()
    if scratch is not None and keep:
        scratch.release()
        if isinstance(error, Exception):  # on an interrupt, its handler says so
            failed.append("finished work is kept: run the same command to resume")
    elif scratch is not None:
        scratch.remove()
    if not keep:  # an interrupt may come after scratch is made and before it is recorded
        forget_own(work["token"], work["scratch"])
    # The same holds for targets.
    # Code that is interrupted, such as an import, may turn that into an error of its own.
    interrupted = not isinstance(error, Exception) or stop.asked() is not None
    lost = not targets and not keep and interrupted
    left = take_back({**work, "elsewhere": False}) if lost else []
    if left:
        stop.note_left()
    return failed + left


def remove_stale(options: ExportOptions) -> None:
    """Remove leftovers of dead exports to these targets on this machine, as far as possible."""
    scratch = _scratch_folders(options)
    with suppress(KaroSpaceError, OSError):
        for location in options.locations:
            if is_url(location):
                found = orphaned_scratch(location_of(location).shown, scratch)
            else:
                found = left_in_folders(absolute(local_path(location)), options.storage_options, scratch)
            for each in found:
                each.remove()


def clear_dead_runs(options: ExportOptions, listener: Listener) -> None:
    """Remove leftovers on stores of exports whose process is gone, before an export starts over there.

    A complete one is published first: it may be partly published.

    Raises
    ------
    TargetError
        If the store fails, or the owner of the objects cannot be determined.
    """
    if not options.overwrite or options.resume:
        return
    for location in filter(is_url, options.locations):
        at = location_of(location, options.storage_options)
        store = Store(claim_location(at))
        with as_target_error(at.shown):
            claim = Claim.read(store)
            if claim is None or not claim.is_dead:
                continue
            for each in left_on_store(store, options.storage_options, of=at.shown):
                each.remove()
        what = "published it" if claim.committed is not None else "removed its files"
        listener(
            Note(
                f"an export to {at.shown} that began at {claim.began_at} was interrupted and its process "
                f"has ended; this export has {what} and starts over"
            )
        )


def _scratch_folders(options: ExportOptions) -> tuple[str, ...]:
    return () if options.scratch is None or options.stored_scratch else (local_path(options.scratch),)
