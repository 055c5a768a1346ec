"""Events that report progress while the graph runs. Plain data: the receiver decides how to show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from karospace_stream.model.finding import Finding


@dataclass(frozen=True, slots=True)
class StageTotals:
    """The run begins: how many tasks each stage has."""

    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class TaskDone:
    """One task of a stage has ended."""

    stage: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user should know.

    Attributes
    ----------
    finding
        If it is one; the text is its sentence.
    """

    text: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class WorkerPeak:
    """Most memory that any worker process of a cluster has held so far, bytes."""

    nbytes: int


Event = StageTotals | TaskDone | Note | WorkerPeak
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Ignore an event."""
