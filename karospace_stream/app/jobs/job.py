"""One export in the queue: its request and its progress."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from karospace_stream.app.form import Inputs, listed
from karospace_stream.app.jobs.messages import Progress
from karospace_stream.app.problem import Problem
from karospace_stream.runtime.labels import STAGE_LABELS, stage_label

State = Literal["waiting", "running", "stopping", "done", "failed", "cancelled", "interrupted"]
#: States in which nothing more happens by itself.
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled", "interrupted"})
_MOST_LINES = 10_000


@dataclass(slots=True)
class Run:
    """One export. Changed only by `Runs`, which holds its lock meanwhile.

    Attributes
    ----------
    values
        Values of the form, without secrets.
    options
        Keywords of `karospace_stream.export`; may hold secrets, and is never stored. None for a run of
        an earlier session.
    """

    id: str
    source: Inputs
    target: str
    values: dict[str, Any]
    options: Mapping[str, Any] | None = field(default=None, repr=False)
    state: State = "waiting"
    created_at: float = field(default_factory=time.time)
    started_at: float | None = None
    ended_at: float | None = None
    progress: Progress = field(default_factory=Progress)
    problem: Problem | None = None
    report: dict[str, Any] | None = None
    log: list[tuple[float, str]] = field(default_factory=list)

    @property
    def shown_source(self) -> str:
        """The input for people; of several the first, and how many more."""
        first, *more = listed(self.source)
        return f"{first} and {len(more):,} more" if more else first

    def say(self, text: str) -> None:
        """Add a line to the log."""
        if len(self.log) < _MOST_LINES:
            self.log.append((time.time(), text))

    def end(self, state: State, text: str, problem: Problem | None = None) -> None:
        """End the run; nothing more happens after this."""
        self.state, self.problem, self.ended_at = state, problem, time.time()
        self.say(text)

    def log_text(self) -> str:
        """The log as a file."""
        lines = (
            f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(when))}  {text}\n" for when, text in self.log
        )
        return "".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Convert to the data that the page shows; the log is sent separately."""
        done, total = (
            (sum(each) for each in zip(*self.progress.stages.values(), strict=True))
            if (self.progress.stages)
            else (0, 0)
        )
        seconds = (self.ended_at or time.time()) - (self.started_at or time.time())
        rate = done / seconds if seconds > 0 and done else None
        return {
            "id": self.id,
            "source": listed(self.source),
            "target": self.target,
            "values": self.values,
            "state": self.state,
            "created_at": self.created_at,
            "seconds": seconds,
            "stages": self._stages(),
            "done": done,
            "total": total,
            "rate": rate,
            "eta_s": (total - done) / rate if rate and self.state == "running" else None,
            "memory_nbytes": self.progress.memory_nbytes,
            "problem": None if self.problem is None else asdict(self.problem),
            "report": self.report,
            "n_lines": len(self.log),
        }

    def _stages(self) -> list[dict[str, Any]]:
        order = list(STAGE_LABELS)
        named = sorted(
            self.progress.stages.items(),
            key=lambda stage: order.index(stage[0]) if stage[0] in order else len(order),
        )
        return [{"name": stage_label(name), "done": done, "total": total} for name, (done, total) in named]
