"""What an export that was cut off has left: found before anything is planned."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import first_place
from karospace_stream.convert.report import Report
from karospace_stream.convert.resume.head import Head, read_head
from karospace_stream.convert.resume.ledger import n_done
from karospace_stream.convert.resume.whole import read_whole
from karospace_stream.errors import TargetError
from karospace_stream.runtime.limits import free_nbytes
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import Store, is_url, local_path, place_of
from karospace_stream.target import work_place
from karospace_stream.target.partial import PARTIAL, Claim, ledger_shelf
from karospace_stream.target.sealing import put_in_place
from karospace_stream.target.shelf import FolderShelf
from karospace_stream.target.staging import (
    BUNDLE,
    LEDGER,
    absolute,
    cut_off_partials,
    held_partials,
    partial_of,
    token_of,
)


@dataclass(frozen=True, slots=True)
class CutOff:
    """An export that was cut off.

    Attributes
    ----------
    head
        None where it had done nothing yet.
    report
        None where it is not whole.
    n_done
        Tasks of which it has noted the result.
    """

    token: str
    head: Head | None
    report: Report | None = None
    n_done: int = 0


def to_go_on_with(options: ExportOptions, target: str | os.PathLike[str]) -> CutOff | None:
    """The latest export to this target that was cut off; None without one.

    Raises
    ------
    TargetError
        If one is at work now, or what is left of one cannot be understood.
    """
    place = first_place(options, target)
    if is_url(place):
        return _on_store(Store(work_place(place_of(place, options.storage_options))))
    final = absolute(local_path(place))
    if held_partials(final):
        raise TargetError(
            f"{final}: an export to it is at work now, and there is nothing to go on with; wait for its end"
        )
    return _in_folders(final)


def left_behind(options: ExportOptions, target: str | os.PathLike[str]) -> CutOff | None:
    """The same for an export that will not go on with it, and only where that does no harm: in a folder."""
    place = first_place(options, target)
    if is_url(place):
        return None
    final = absolute(local_path(place))
    try:
        found = _in_folders(final)
        return found and replace(found, n_done=n_done(_shelf(final, found.token)))
    except TargetError:  # that it is damaged is for those who want it
        return None


def as_before(options: ExportOptions, head: Head) -> ExportOptions:
    """The options, cutting the work as the earlier run did where they leave that open."""
    # On a smaller machine the work is rather cut anew.
    small = not is_address(options.scheduler) and head.memory_nbytes > free_nbytes()
    before = None if small else head.memory_nbytes
    return replace(
        options,
        memory_nbytes=options.memory_nbytes or before,
        workers=options.workers or head.workers,
    )


def _in_folders(final: Path) -> CutOff | None:
    """The latest alone: it began anew, whatever those before it were, also where it has not come far."""
    for partial in cut_off_partials(final)[:1]:
        shelf = FolderShelf(str(partial / LEDGER))
        head, report = read_head(shelf, str(final)), read_whole(shelf)
        if head is not None and (report is not None or (partial / BUNDLE).is_dir()):
            return CutOff(token_of(partial), head, report)
    return None


def _shelf(final: Path, token: str) -> FolderShelf:
    return FolderShelf(str(partial_of(final, token) / LEDGER))


def _on_store(store: Store) -> CutOff | None:
    try:
        claim = Claim.read(store) if PARTIAL in store.names() else None
        if claim is None:
            return None
        shelf = ledger_shelf(store)
        head = read_head(shelf, store.shown)
        if head is None and claim.whole is not None:
            # Cut off when all but the end was done, and the ledger gone.
            put_in_place(store, claim)
            return None
    except OSError as error:
        raise TargetError(str(error)) from error
    return CutOff(claim.token, head, read_whole(shelf))
