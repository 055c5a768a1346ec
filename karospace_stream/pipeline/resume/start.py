"""Resume an interrupted export, or start a resumable one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from karospace_stream.model.blob import Receipt, Scratched
from karospace_stream.pipeline.clean.scratch import forget_prepared
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.counting.prepare import prepared_input
from karospace_stream.pipeline.counting.scores import resolve_scores
from karospace_stream.pipeline.resume.find import Earlier
from karospace_stream.pipeline.resume.finish import clear_dead_runs, discard_or_keep
from karospace_stream.pipeline.resume.header import (
    head_of,
    note_scratch_root,
    read_head,
    refuse_other,
    scratch_root,
)
from karospace_stream.pipeline.resume.ledger import FinishedTasks, Ledger, forget, read_finished
from karospace_stream.pipeline.rollback import work_of
from karospace_stream.pipeline.scratch import RunScratch, make_scratch
from karospace_stream.pipeline.scratch_owner import Owner
from karospace_stream.pipeline.targets import open_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import resolve_genes
from karospace_stream.runtime import stop
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.targets import Target
from karospace_stream.transpose.array_scratch import ArrayScratch, ArraysReceipt
from karospace_stream.transpose.edges.receipts import EdgeBand, EdgeReceipt
from karospace_stream.transpose.scratch import FragmentReceipt, Scratch
from karospace_stream.transpose.stored_scratch import as_scratch_error
from karospace_stream.units import counted


@dataclass(frozen=True, slots=True)
class StartedRun:
    """State with which a run starts.

    Attributes
    ----------
    plan
        With its genes resolved.
    records
        Results of the earlier run.
    continued
        Whether this run resumes another.
    recut
        Whether none of its results could be reused, because the work is now cut into other tasks.
    """

    plan: ExportPlan
    targets: tuple[Target, ...]
    scratch: RunScratch
    records: FinishedTasks
    began_at: datetime
    continued: bool = False
    recut: bool = False

    @property
    def n_done(self) -> int:
        """Tasks that need not run again."""
        return len(self.records.done)

    @property
    def note(self) -> str:
        """Message to the user about a resumed run."""
        if self.recut:
            return (
                "resumed, but a different --memory, --workers or --strategy divides the work "
                "differently: everything is done again"
            )
        return f"resumed: {counted(self.n_done, 'task')} {'was' if self.n_done == 1 else 'were'} already done"


@contextmanager
def start(
    plan: ExportPlan, earlier: Earlier, listener: Listener, *, keep: bool | None
) -> Iterator[StartedRun]:
    """Open the targets, prepare the input and the scratch; if the run fails, discard or keep its files.

    Parameters
    ----------
    keep
        See `pipeline.run.run_export`.

    Raises
    ------
    KaroSpaceError
        If a target cannot be opened, or the earlier run cannot be resumed.
    """
    options, resumed = plan.options, earlier.resumed
    token = secrets.token_hex(4) if resumed is None else resumed.token
    work = work_of(options, token, keep=resumed is not None)
    targets: tuple[Target, ...] = ()
    scratch: RunScratch | None = None
    with stop.at_work(work):
        try:
            clear_dead_runs(options, listener)
            targets = open_targets(plan, token, resume=resumed is not None)
            if plan.source.preparation is not None:
                _begin_preparing(plan, targets, token)
            with prepared_input(plan, listener, targets=targets, token=token) as prepared:
                resolved = resolve_genes(prepared, partial(count_genes, listener=listener))
                started = open_run(resolved, targets, token, listener)
                scratch = started.scratch
                work["keep"] = options.resume if keep is None else keep
                if started.continued:
                    listener(Note(started.note))
                yield started
        except BaseException as error:
            with stop.shielded():
                # Until the run has started, everything there belongs to the earlier one.
                for sentence in discard_or_keep(targets, scratch, error, work):
                    listener(Note(sentence))
            raise


def _begin_preparing(plan: ExportPlan, targets: Sequence[Target], token: str) -> None:
    """Note where scratch is made, and delete what a killed run of this export had prepared there."""
    first, options = targets[0], plan.options
    documents = first.documents()
    roots = scratch_root(documents)
    if options.scratch is not None:
        note_scratch_root(documents, options.scratch, options.storage_options)
        roots += scratch_root(documents)
    roots += [target.scratch_root.url for target in targets if target.scratch_root is not None]
    forget_prepared(Owner(token, first.location), roots, options.storage_options)


def open_run(
    plan: ExportPlan, targets: tuple[Target, ...], token: str, listener: Listener = ignore
) -> StartedRun:
    """Make the scratch, score gene sets, and open the ledger.

    Raises
    ------
    BadOptionError, TargetError
        If the earlier run had another input or other options.
    """
    first = targets[0]
    ledger = Ledger(first.documents(), asked=is_address(plan.options.scheduler))
    owner = Owner(token, first.location)
    before = read_head(ledger.documents, first.location) if plan.options.resume else None
    if before is not None:
        refuse_other(before, plan, first.location)
    if plan.options.scratch is not None:
        note_scratch_root(ledger.documents, plan.options.scratch, plan.options.storage_options)
    scratch = make_scratch(plan, targets, owner, before.scratch if before else None)
    try:
        plan = resolve_scores(plan, None if scratch.scores is None else scratch.scores.store, listener)
        began_at = before.began_at if before else timestamp()
        head = replace(head_of(plan, began_at), scratch=scratch.locations())
        recut = before is not None and before.shape != head.shape
        if before is None or recut:
            forget(ledger)
        if head != before:
            head.write(ledger.documents)
        return StartedRun(
            plan=plan,
            targets=targets,
            scratch=scratch,
            records=_records(plan, targets, ledger, scratch, known=before is not None and not recut),
            began_at=began_at,
            continued=before is not None,
            recut=recut,
        )
    except BaseException:
        scratch.release() if before is not None else scratch.remove()
        raise


def _records(
    plan: ExportPlan, targets: Sequence[Target], ledger: Ledger, scratch: RunScratch, *, known: bool
) -> FinishedTasks:
    if plan.catalog.container == "memory":
        # It ends with its process, so nobody will ask for its results.
        return FinishedTasks(None, frozenset())
    if not known:
        return FinishedTasks(ledger, frozenset())
    return read_finished(ledger, _checker([target.holds() for target in targets], scratch))


def _checker(holds: Sequence[Callable[[Receipt], bool]], scratch: RunScratch) -> Callable[[Any], bool]:
    """A test whether what a result of an earlier run names is still there."""
    holds_edges = None if scratch.edges is None else scratch.edges.holds()

    def in_a_target(each: Receipt) -> bool:
        return any(there(each) for there in holds)

    def among_the_edges(each: EdgeReceipt | EdgeBand) -> bool:
        return holds_edges is not None and holds_edges(each)

    def a_block_of_edges(each: EdgeReceipt) -> bool:
        np.dtype(each.dtype)  # a ledger may name no type that exists: a TypeError, so it does not hold
        return among_the_edges(each)

    tests: dict[type, Callable[[Any], bool]] = {
        Receipt: in_a_target,
        FragmentReceipt: _any_of([scratch.fragments, scratch.layer]),
        EdgeReceipt: a_block_of_edges,
        EdgeBand: among_the_edges,
        Scratched: _among_files(scratch.tissue),
        ArraysReceipt: _any_of([scratch.sums, scratch.pseudobulk, scratch.tissue]),
    }
    return lambda each: tests.get(type(each), _anything)(each)


def _any_of(several: Sequence[Scratch | ArrayScratch | None]) -> Callable[[Any], bool]:
    holds: list[Callable[[Any], bool]] = [each.holds() for each in several if each is not None]
    return lambda receipt: any(there(receipt) for there in holds)


def _among_files(scratch: ArrayScratch | None) -> Callable[[Scratched], bool]:
    """A test whether a file of an earlier run is still there."""
    if scratch is None:
        return lambda receipt: False
    with as_scratch_error(scratch.files, "its contents could not be listed"):
        sizes = {key: about.size for key, about in scratch.files.find().items()}
    return lambda receipt: sizes.get(receipt.key) == receipt.size


def _anything(each: Any) -> bool:
    return True
