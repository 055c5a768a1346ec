"""Worker processes that leave Ctrl-C to the process that started them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess


class _Worker(SpawnProcess):
    """Starts with SIGINT blocked, which a child inherits.

    A terminal sends Ctrl-C to all processes. One that is still importing would print a traceback, one
    at work would break its pool; the parent alone stops taking tasks, waits, and cleans up. Blocking
    from within the worker would be too late.
    """

    def start(self) -> None:
        with _interrupts_held():
            super().start()


class WorkerContext(SpawnContext):
    """The spawn context, with these workers; for ``ProcessPoolExecutor(mp_context=…)``."""

    Process = _Worker


@contextmanager
def _interrupts_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows has no masks
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
