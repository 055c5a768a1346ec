"""Before planning, find what interrupted exports left at the same targets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from karospace_stream.errors import TargetError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.resume.complete import read_complete
from karospace_stream.pipeline.resume.header import Head, read_head
from karospace_stream.pipeline.resume.ledger import n_done
from karospace_stream.runtime.limits import free_nbytes
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import Store, is_url, local_path, location_of
from karospace_stream.targets import claim_location
from karospace_stream.targets.document_store import FolderDocuments
from karospace_stream.targets.local.staging import (
    BUNDLE,
    LEDGER,
    absolute,
    cut_off_partials,
    held_partials,
    partial_of,
    token_of,
)
from karospace_stream.targets.stores.claim import PARTIAL, Claim, ledger_documents
from karospace_stream.targets.stores.sealing import put_in_place


@dataclass(frozen=True, slots=True)
class CutOff:
    """An interrupted export.

    Attributes
    ----------
    head
        None if it had done nothing yet.
    report
        None if it is incomplete.
    n_done
        Number of tasks with a recorded result.
    """

    token: str
    head: Head | None
    report: Report | None = None
    n_done: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier runs to the same targets.

    Attributes
    ----------
    resumed
        The run that this one resumes; None if it starts over.
    stale
        An interrupted run that this one replaces.
    """

    resumed: CutOff | None = None
    stale: CutOff | None = None

    def reuse_cut(self, options: ExportOptions) -> ExportOptions:
        """Return options that cut the work as the earlier run did, unless the user set them."""
        head = None if self.resumed is None else self.resumed.head
        if head is None:
            return options
        # On a smaller machine, cut the work anew instead.
        small = not is_address(options.scheduler) and head.memory_nbytes > free_nbytes()
        before = None if small else head.memory_nbytes
        return replace(
            options,
            memory_nbytes=options.memory_nbytes or before,
            workers=options.workers or head.workers,
        )

    def notes(self, options: ExportOptions) -> tuple[str, ...]:
        """Messages to the user before the run."""
        if self.stale is None:
            return ()
        where = options.locations[0]
        return (
            f"an interrupted export to {where} had finished {self.stale.n_done:,} of its tasks; this one "
            "starts over and removes it at the end (--resume continues it instead; karospace-stream "
            f"clean {where} only removes it)",
        )


def find(options: ExportOptions) -> Earlier:
    """Find the run to resume, or a stale one.

    Raises
    ------
    TargetError
        If another export to the target is running, or the leftovers of one cannot be read.
    """
    if options.resume:
        return Earlier(resumed=find_resumable(options))
    return Earlier(stale=find_stale(options))


def find_resumable(options: ExportOptions) -> CutOff | None:
    """Find the latest interrupted export to this target; None without one.

    Raises
    ------
    TargetError
        If one is running now, or the leftovers of one cannot be read.
    """
    location = options.locations[0]
    if is_url(location):
        return _on_store(Store(claim_location(location_of(location, options.storage_options))))
    final = absolute(local_path(location))
    if held_partials(final):
        raise TargetError(f"{final}: another export to this target is running; wait until it ends")
    return _in_folders(final)


def find_stale(options: ExportOptions) -> CutOff | None:
    """Find a stale run that this export will replace. Local targets only."""
    location = options.locations[0]
    if is_url(location):
        return None
    final = absolute(local_path(location))
    try:
        found = _in_folders(final)
        return found and replace(found, n_done=n_done(_ledger_documents(final, found.token)))
    except TargetError:  # only those who want to resume it need to know that it is damaged
        return None


def _in_folders(final: Path) -> CutOff | None:
    """Only the latest run: it started over whatever came before it, even if it has not got far."""
    for partial in cut_off_partials(final)[:1]:
        documents = FolderDocuments(str(partial / LEDGER))
        head, report = read_head(documents, str(final)), read_complete(documents)
        if head is not None and (report is not None or (partial / BUNDLE).is_dir()):
            return CutOff(token_of(partial), head, report)
    return None


def _ledger_documents(final: Path, token: str) -> FolderDocuments:
    return FolderDocuments(str(partial_of(final, token) / LEDGER))


def _on_store(store: Store) -> CutOff | None:
    try:
        claim = Claim.read(store) if PARTIAL in store.names() else None
        if claim is None:
            return None
        documents = ledger_documents(store)
        head = read_head(documents, store.shown)
        if head is None and claim.committed is not None:
            # Interrupted when only the final step was left and the ledger was gone.
            put_in_place(store, claim)
            return None
    except OSError as error:
        raise TargetError(str(error)) from error
    return CutOff(claim.token, head, read_complete(documents))
