"""Exports in processes of their own, which start at once and can be killed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from typing import Any

from tests.e2e.resume.pieces import cut_small

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.e2e.resume.loaded"])


def start(source: Any, target: Any, options: Mapping[str, Any]) -> ForkServerProcess:
    """Begin an export."""
    process = _CONTEXT.Process(target=_export, args=(source, target, dict(options), dict(os.environ)))
    process.start()
    return process


def finish(source: Any, target: Any, options: Mapping[str, Any]) -> float:
    """Run an export to its end; seconds."""
    began = time.monotonic()
    process = start(source, target, options)
    process.join(300)
    assert process.exitcode == 0, process.exitcode
    return time.monotonic() - began


def kill_after(process: ForkServerProcess, seconds: float) -> bool:
    """``kill -9`` after a while; False where it has ended well before."""
    process.join(seconds)
    if process.exitcode is None:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def worry(
    source: Any, target: Any, options: Mapping[str, Any], moments: Sequence[float], whole_s: float
) -> int:
    """Run an export to its end, killed again and again on its way, and gone on with; how often it was.

    Parameters
    ----------
    moments
        When to kill, as shares of the time that would be left if the kills before were spread evenly.
    whole_s
        What it takes without being killed.
    """
    for number, moment in enumerate(moments):
        if not kill_after(start(source, target, options), moment * whole_s / (len(moments) - number)):
            return number
    finish(source, target, options)
    return len(moments)


def kill_in(stage: str, n_tasks: int) -> None:
    """Have this process killed as soon as so many tasks of a stage are recorded, whatever else is at work."""
    from karospace_stream.pipeline.resume.ledger import Ledger

    cut_small()
    before, names = Ledger.note, set[str]()

    def note(self: Ledger, name: str, result: Any) -> None:
        before(self, name, result)
        if name.startswith(f"{stage}-"):
            names.add(name)
            if len(names) == n_tasks:
                os.kill(os.getpid(), signal.SIGKILL)

    Ledger.note = note  # type: ignore[method-assign]


def _export(source: Any, target: Any, options: dict[str, Any], environment: dict[str, str]) -> None:
    import karospace_stream

    os.environ.update(environment)
    cut_small()
    karospace_stream.export(source, target, **options)
