"""Worker processes that leave Ctrl-C to the process that started them, and end when it does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess


def end_with_parent() -> None:
    """Call in a worker: if its parent is killed, it ends at once.

    Otherwise it might go on writing to a target that another run has resumed.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


class _Worker(SpawnProcess):
    """Starts with the signals of a terminal blocked, which a child inherits.

    A terminal sends Ctrl-C, and word of its own end, to all processes. One that is still importing would
    print a traceback, one at work would break its pool; the parent alone stops taking tasks, waits, and
    cleans up. Blocking from within the worker would be too late.
    """

    def start(self) -> None:
        with _interrupts_held():
            super().start()


class WorkerContext(SpawnContext):
    """The spawn context, with these workers; for ``ProcessPoolExecutor(mp_context=…)``."""

    Process = _Worker


def start_tracker() -> None:
    """Have the process that looks after the semaphores of a pool started with these signals blocked too.

    Where a terminal ends it, another is started that knows nothing of them, and prints a traceback.
    """
    if os.name == "posix":
        from multiprocessing.resource_tracker import ensure_running

        with _interrupts_held():
            ensure_running()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows has no masks
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
