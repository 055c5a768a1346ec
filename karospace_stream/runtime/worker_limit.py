"""Limit the number of tasks of a run that each worker process of a cluster computes at once.

A worker of ``distributed`` runs a task on each of its threads, whatever a plan allows. So the tasks of a
run wait for each other in their process; they can be stopped there when the run has failed; and the
memory of the process is monitored while they work.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from karospace_stream.errors import WorkerError
from karospace_stream.runtime.memory import PeakMemory

_KEPT = 64  # runs that a process remembers
_SEEN_S = 10.0  # a folder that another machine has just made may take a while to be seen
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class WorkerLimit:
    """Admits the tasks of one run, in any worker process that they start in.

    Attributes
    ----------
    run
        A token of the run.
    limit
        Tasks at once in a process.
    required_paths
        Paths that every worker has to share with the client.
    version
        Of this package in the process that started the run.
    """

    run: str
    limit: int
    required_paths: tuple[str, ...]
    version: str

    def call(self, function: Callable[..., Any], *args: Any) -> tuple[Any, int]:
        """Call ``function(*args)`` in its turn; returns its result and the peak memory here so far."""
        here = _here(self.run, self.limit)
        with here.entered(self):
            result = function(*args)
        return result, here.peak_nbytes

    def check(self) -> None:
        """Check whether this process can run our tasks.

        Raises
        ------
        WorkerError
            If it is of another version, or does not see a path.
        """
        if (found := own_version()) != self.version:
            raise WorkerError(
                f"the worker on {socket.gethostname()} must have karospace-stream {self.version}, got "
                f"{found}; install the same version everywhere"
            )
        for path in self.required_paths:
            if not _becomes_visible(path):
                raise WorkerError(
                    f"the worker on {socket.gethostname()} cannot see {path}; on a cluster, name a URL or "
                    "a folder that all workers share"
                )


def close(run: str) -> None:
    """Stop starting tasks of a run in this process."""
    _here(run, 1).close()


def is_busy(run: str) -> bool:
    """Whether a task of a run is still running in this process."""
    return _here(run, 1).n_running > 0


def own_version() -> str:
    """Version of this package, as installed."""
    try:
        return version("karospace-stream")
    except PackageNotFoundError:
        return "unknown"


class _ThisWorker:
    """The tasks of one run in this process."""

    def __init__(self, limit: int) -> None:
        self.n_running = 0
        self.peak_nbytes = 0
        self._slots = threading.Semaphore(limit)
        self._lock = threading.Lock()
        self._closed = False
        self._checked = False
        self._memory: PeakMemory | None = None

    @contextmanager
    def entered(self, limiter: WorkerLimit) -> Iterator[None]:
        with self._slots:
            self._begin(limiter)
            try:
                yield
            finally:
                self._end()

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _begin(self, limiter: WorkerLimit) -> None:
        with self._lock:
            if self._closed:
                raise WorkerError("the export has ended, so its remaining tasks were skipped")
            if not self._checked:
                limiter.check()
                self._checked = True
            self.n_running += 1
            if self._memory is None:
                self._memory = PeakMemory()
                self._memory.start()

    def _end(self) -> None:
        with self._lock:
            assert self._memory is not None
            self.peak_nbytes = max(self.peak_nbytes, self._memory.nbytes)
            self.n_running -= 1
            if self.n_running == 0:
                self._memory.stop()
                self._memory = None


def _becomes_visible(path: str) -> bool:
    latest = time.monotonic() + _SEEN_S
    while not os.path.lexists(path):
        if time.monotonic() > latest:
            return False
        time.sleep(_LOOK_S)
    return True


def _here(run: str, limit: int) -> _ThisWorker:
    with _LOCK:
        if run not in _RUNS:
            while len(_RUNS) >= _KEPT:
                del _RUNS[next(iter(_RUNS))]
            _RUNS[run] = _ThisWorker(limit)
        return _RUNS[run]


_RUNS: dict[str, _ThisWorker] = {}
_LOCK = threading.Lock()
