"""Prepare an input whose values cannot be read as they are, and plan its export again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.formats.registry import plan_formats
from karospace_stream.model.source import Preparation
from karospace_stream.pipeline.scratch import StoreScratch, make_store_scratch
from karospace_stream.pipeline.scratch_owner import PREPARED, Owner
from karospace_stream.pipeline.shared_paths import required_paths
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.lazy_source import OpenedSource, read_with
from karospace_stream.plan.planning import FormatsPlanner, plan_export
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.storage import Headers, Store
from karospace_stream.targets import Target

_STAGE = "prepare"


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """Files below a location of any store; see `ScratchFiles`."""

    store: Store

    def put(self, key: str, data: bytes) -> None:
        """Write one file."""
        try:
            self.store.put(PREPARED + key, data, Headers())
        except OSError as error:
            raise TargetError(
                f"--scratch {self.store.shown}: {error}; make room or name another folder with --scratch"
            ) from error

    def read_ranges(self, ranges: Sequence[tuple[str, int, int]]) -> list[bytes]:
        """Read several ranges at the same time."""
        try:
            named = [(PREPARED + key, start, stop) for key, start, stop in ranges]
            return self.store.read_ranges(named) if named else []
        except (OSError, EOFError) as error:
            raise TargetError(f"--scratch {self.store.shown}: {error}") from error


@contextmanager
def prepared_input(
    plan: ExportPlan,
    listener: Listener,
    formats: FormatsPlanner = plan_formats,
    *,
    targets: Sequence[Target] = (),
    token: str | None = None,
) -> Iterator[ExportPlan]:
    """The plan of the input once it is prepared, as long as what was prepared is there.

    Parameters
    ----------
    targets
        Of the run, if there are any.
    token
        Of the run that owns the scratch.
    """
    plan, scratch = prepare_input(plan, listener, formats, targets=targets, token=token)
    try:
        yield plan
    finally:
        if scratch is not None:
            scratch.remove()


def prepare_input(
    plan: ExportPlan,
    listener: Listener,
    formats: FormatsPlanner = plan_formats,
    *,
    targets: Sequence[Target] = (),
    token: str | None = None,
) -> tuple[ExportPlan, StoreScratch | None]:
    """The plan of the prepared input, and where what was prepared lies; None if there was nothing to do."""
    if plan.source.preparation is None:
        return plan, None
    owner = Owner(token or secrets.token_hex(4), targets[0].location if targets else "", PREPARED)
    scratch = make_store_scratch(plan, targets, owner)
    files = StoreFiles(scratch.store)
    found = plan.findings
    try:
        while plan.source.preparation is not None:
            source = _prepared(plan, plan.source.preparation, scratch, files, listener)
            plan = plan_export(OpenedSource(source, read_with(plan.options)), plan.options, formats)
    except BaseException:
        scratch.remove()
        raise
    new = tuple(each for each in plan.findings if each not in found)
    return replace(plan, findings=(*found, *new)), scratch


def _prepared(
    plan: ExportPlan, preparation: Preparation, scratch: StoreScratch, files: StoreFiles, listener: Listener
) -> Any:
    tasks = Tasks()
    job = tasks.constant((preparation, files))
    most = max(plan.transpose.gather_nbytes, plan.transpose.scatter_nbytes)
    steps = [tasks.call(_STAGE, _run, job, step) for step in preparation.steps(most)]
    together: Task[list[Any]] = tasks.call(_STAGE, list, steps)
    results = run(
        together,
        scheduler=plan.options.scheduler,
        workers=plan.workers,
        listener=listener,
        required_paths=(*required_paths(plan.source), *filter(None, [scratch.folder])),
    )
    return preparation.finish(results, files)


def _run(job: tuple[Preparation, StoreFiles], step: Any) -> Any:
    preparation, files = job
    return preparation.run(step, files)
