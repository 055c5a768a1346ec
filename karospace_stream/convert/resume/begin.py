"""Go on with an export that was cut off, or begin one that can be gone on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from karospace_stream.convert.clock import timestamp
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.convert.resume.head import head_of, note_scratch_root, read_head, refuse_other
from karospace_stream.convert.resume.ledger import Ledger, Recalled, forget, recall
from karospace_stream.convert.scratch_owner import Owner
from karospace_stream.convert.scratch_places import RunScratch, make_scratch
from karospace_stream.model.blob import Receipt
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.target import Target
from karospace_stream.transpose.edge_receipts import EdgeBand, EdgeReceipt
from karospace_stream.transpose.scratch import FragmentReceipt


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run starts with.

    Attributes
    ----------
    records
        What was done before.
    continued
        Whether there was anything to go on with.
    recut
        Whether nothing of it could be used, since the work is cut into other tasks now.
    """

    scratch: RunScratch
    records: Recalled
    began_at: datetime
    continued: bool = False
    recut: bool = False

    @property
    def n_done(self) -> int:
        """Tasks that need not run again."""
        return len(self.records.done)


def begin(plan: ExportPlan, targets: Sequence[Target], token: str) -> Begun:
    """Make the scratch and open the ledger.

    Raises
    ------
    BadOptionError, TargetError
        If the earlier run was of another input, or had other options.
    """
    first = targets[0]
    ledger = Ledger(first.shelf(), asked=is_address(plan.options.scheduler))
    owner = Owner(token, first.location)
    before = read_head(ledger.shelf, first.location) if plan.options.resume else None
    if before is not None:
        refuse_other(before, plan, first.location)
    if plan.options.scratch is not None:
        note_scratch_root(ledger.shelf, plan.options.scratch, plan.options.storage_options)
    scratch = make_scratch(plan, targets, owner, before.scratch if before else None)
    try:
        began_at = before.began_at if before else timestamp()
        head = replace(head_of(plan, began_at), scratch=scratch.places())
        recut = before is not None and before.shape != head.shape
        if before is None or recut:
            forget(ledger)
        if head != before:
            head.write(ledger.shelf)
        return Begun(
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
) -> Recalled:
    if plan.catalog.container == "memory":
        # It ends with its process, so that nobody will ask what was done of it.
        return Recalled(None, frozenset())
    if not known:
        return Recalled(ledger, frozenset())
    return recall(ledger, _checker([target.holds() for target in targets], scratch))


def _checker(holds: Sequence[Callable[[Receipt], bool]], scratch: RunScratch) -> Callable[[Any], bool]:
    holds_fragment = scratch.fragments.holds()
    holds_edges = None if scratch.edges is None else scratch.edges.holds()

    def is_true(each: Any) -> bool:
        if isinstance(each, Receipt):
            return any(there(each) for there in holds)
        if isinstance(each, FragmentReceipt):
            return holds_fragment(each)
        if isinstance(each, EdgeReceipt):
            np.dtype(each.dtype)  # whoever wrote the ledger may have named none: a TypeError, so not true
        if isinstance(each, (EdgeReceipt, EdgeBand)):
            return holds_edges is not None and holds_edges(each)
        return True

    return is_true
