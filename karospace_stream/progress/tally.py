"""Count events: the finished share of a run, the remaining time, the current stage."""

from __future__ import annotations

import time

from karospace_stream.runtime.events import Event, StageTotals, TaskDone, WorkerPeak
from karospace_stream.runtime.labels import stage_label
from karospace_stream.runtime.memory import tree_rss_nbytes
from karospace_stream.units import format_nbytes, format_seconds


class Tally:
    """One run, all its stages together.

    Attributes
    ----------
    done, total
        Tasks.
    """

    def __init__(self) -> None:
        self.done = self.total = 0
        self._totals: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._latest = ""
        self._started = time.monotonic()
        self._peak_nbytes = 0

    def hear(self, event: Event) -> None:
        """Count an event."""
        match event:
            case StageTotals(totals):
                for stage, count in totals.items():  # a pass that counts comes first, and has its own
                    self._totals[stage] = self._totals.get(stage, 0) + count
                    self._done.setdefault(stage, 0)
                self.total = sum(self._totals.values())
            case TaskDone(stage):
                self.done += 1
                self._done[stage] = self._done.get(stage, 0) + 1
                self._totals.setdefault(stage, 0)
                self._latest = stage
            case WorkerPeak(nbytes):
                self._peak_nbytes = nbytes

    @property
    def stage(self) -> str:
        """The stage at work, as a line."""
        working = [stage for stage, done in self._done.items() if 0 < done < self._totals[stage]]
        stage = self._latest if self._latest in working else next(iter(working), self._latest)
        if not stage:
            return "starting"
        return f"{stage_label(stage)} {self._done[stage]:,}/{self._totals[stage]:,}"

    @property
    def left(self) -> str:
        """Time that the rest takes if it goes on like this; empty at first."""
        if not self.done:
            return ""
        seconds = (time.monotonic() - self._started) / self.done * (self.total - self.done)
        return f"about {format_seconds(seconds)} left"

    @property
    def memory(self) -> str:
        """Memory of this process and its workers; on a cluster, the peak of any one worker."""
        return format_nbytes(self._peak_nbytes or tree_rss_nbytes())
