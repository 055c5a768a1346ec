"""What becomes of what a run has written, and of what earlier ones had."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from karospace_stream.convert.clean.folders import left_in_folders
from karospace_stream.convert.clean.scratch import forget_own, lying_about
from karospace_stream.convert.clean.stores import left_on_store
from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import give_up, places_of
from karospace_stream.convert.resume.begin import Begun
from karospace_stream.convert.take_back import take_back
from karospace_stream.errors import KaroSpaceError
from karospace_stream.runtime import stop
from karospace_stream.runtime.events import Listener, Note
from karospace_stream.storage import Store, is_url, local_path, place_of
from karospace_stream.target import Target, work_place
from karospace_stream.target.partial import Claim
from karospace_stream.target.remote import as_target_error
from karospace_stream.target.staging import absolute


def leave(
    places: Sequence[Target], begun: Begun | None, error: BaseException, work: Mapping[str, Any]
) -> list[str]:
    """Leave what is done to a run that goes on with it, where that is wished; else nothing.

    Parameters
    ----------
    work
        As of `take_back`.

    Returns
    -------
    What the user should know.
    """
    keep = bool(work["keep"])
    failed = give_up(places, keep=keep)
    if failed:
        stop.note_left()
    if begun is not None and keep:
        begun.scratch.release()
        if isinstance(error, Exception):  # who interrupts is told by who was interrupted
            failed.append("what is done is kept: the same command goes on with it")
    elif begun is not None:
        begun.scratch.remove()
    if not keep:  # an interrupt may come between making scratch and knowing of it
        forget_own(work["token"], work["scratch"])
    # Or making targets and knowing of them.
    lost = not places and not keep and not isinstance(error, Exception)
    left = take_back({**work, "elsewhere": False}) if lost else []
    if left:
        stop.note_left()
    return failed + left


def sweep(options: ExportOptions, target: str | os.PathLike[str]) -> None:
    """Remove what dead exports to these places have left on this machine, as far as that goes."""
    scratch = _scratch_folders(options)
    with suppress(KaroSpaceError, OSError):
        for place in places_of(options, target):
            if is_url(place):
                found = lying_about(place_of(place).shown, scratch)
            else:
                found = left_in_folders(absolute(local_path(place)), options.storage_options, scratch)
            for each in found:
                each.remove()


def take_over(options: ExportOptions, target: str | os.PathLike[str], listener: Listener) -> None:
    """Remove what exports whose process is gone have left on stores, for one that is to begin anew there.

    One that was whole is put in place first: it may be half in place.

    Raises
    ------
    TargetError
        If the store fails, or nobody can know what is whose.
    """
    if not options.overwrite or options.resume:
        return
    for place in filter(is_url, places_of(options, target)):
        at = place_of(place, options.storage_options)
        store = Store(work_place(at))
        with as_target_error(at.shown):
            claim = Claim.read(store)
            if claim is None or not claim.is_dead:
                continue
            for each in left_on_store(store, options.storage_options, of=at.shown):
                each.remove()
        what = "put it in place" if claim.whole is not None else "removed what was left of it"
        listener(
            Note(
                f"an export to {at.shown} that began at {claim.began_at} was cut off, and its process is "
                f"gone; this one has {what} and begins anew"
            )
        )


def _scratch_folders(options: ExportOptions) -> tuple[str, ...]:
    return () if options.scratch is None or options.stored_scratch else (local_path(options.scratch),)
