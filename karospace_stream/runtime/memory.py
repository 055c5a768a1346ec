"""Memory of this process and all its descendants."""

from __future__ import annotations

import multiprocessing
import threading
from types import TracebackType

import psutil

_EVERY_S = 0.02
_THIS = psutil.Process()


def tree_rss_nbytes() -> int:
    """Resident bytes of this process and of the worker processes that it started.

    Not by a walk through all processes of the machine, which costs more than some exports.
    """
    total = int(_THIS.memory_info().rss)
    for worker in multiprocessing.active_children():
        try:
            total += int(psutil.Process(worker.pid).memory_info().rss)
        except psutil.Error:  # it has ended in the meantime
            continue
    return total


class PeakMemory:
    """Samples the process tree in a thread; ``nbytes`` is the highest seen so far."""

    def __init__(self) -> None:
        self.nbytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> PeakMemory:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _watch(self) -> None:
        while True:
            self.nbytes = max(self.nbytes, tree_rss_nbytes())
            if self._stop.wait(_EVERY_S):
                return
