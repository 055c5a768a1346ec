"""An export into the cache that can be viewed while it runs."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from karospace_stream.formats.karospace.layout.progress import progress
from karospace_stream.formats.registry import format_of
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.preview.cached import CacheEntry, export_into
from karospace_stream.runtime.events import Event, Listener, StageTotals, TaskDone
from karospace_stream.targets import Target
from karospace_stream.targets.local.live_target import LiveTarget

_LOOK_S = 0.05


class BackgroundExport:
    """Runs an export in a thread of its own, and calls ``at_end`` there when it is over.

    Attributes
    ----------
    folders
        Where its files are now: the folder of the finished export, and before that the one where it
        is being written, as soon as there is enough to open a page with. Changes while it runs.
    """

    def __init__(
        self, entry: CacheEntry, listener: Listener, at_end: Callable[[], None] = lambda: None
    ) -> None:
        self.folders = [str(entry.folder)]
        self._entry = entry
        self._listener, self._at_end = listener, at_end
        self._totals: dict[str, int] = {}
        self._done: Counter[str] = Counter()
        self._stage = "waiting"
        self._failure: BaseException | None = None
        self._stopping = False
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"export {entry.key}", daemon=True)
        self._thread.start()

    def progress(self) -> bytes | None:
        """``progress.json``; None once the export has ended, complete or not."""
        if not self._thread.is_alive():
            return None
        total = sum(self._totals.values())
        return progress(min(total, sum(self._done.values())), total, self._stage)

    def hold(self) -> None:
        """Wait until a page can open, or never will. Returns no bytes: the caller then looks for the file."""
        while not self._opened.is_set() and not self._stopping and self._thread.is_alive():
            time.sleep(_LOOK_S)

    def complete(self) -> None:
        """Wait until the export has ended.

        Raises
        ------
        KaroSpaceError
            If it failed.
        """
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)  # a join without a timeout cannot be interrupted on Windows
        if self._failure is not None:
            raise self._failure

    def halt(self) -> None:
        """Ask the export to stop after the running tasks. No partial result remains."""
        self._stopping = True

    def close(self) -> None:
        """Stop, and release the cache entry."""
        self.halt()
        self._thread.join()
        self._entry.release()

    def _run(self) -> None:
        try:
            export_into(self._entry, self._hear, before_run=self._before_run, check=self._check)
        except _StoppedError:
            pass
        except BaseException as error:
            self._failure = error
        finally:
            self._at_end()

    def _before_run(self, plan: ExportPlan, targets: Sequence[Target]) -> Sequence[Target]:
        [target], [each] = targets, plan.formats
        [folder] = target.shared_paths  # the cache is a folder of this machine
        live = LiveTarget(target, folder)
        write_first = format_of(each.name).first_files
        if write_first is not None:
            write_first(each, live, workers=plan.workers, listener=self._hear)
            self.folders.append(folder)
            self._opened.set()
        return (live,)

    def _hear(self, event: Event) -> None:
        # Dask reports every graph of this process, including those that a notebook computes meanwhile.
        if threading.current_thread() is not self._thread:
            return
        self._check()
        if isinstance(event, StageTotals):
            self._totals, self._done = event.totals, Counter()
        elif isinstance(event, TaskDone):
            self._done[event.stage] += 1
            self._stage = event.stage
        self._listener(event)

    def _check(self) -> None:
        if self._stopping:
            raise _StoppedError


class _StoppedError(Exception):
    """Stops an export whose result is no longer wanted."""
