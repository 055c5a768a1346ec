"""Messages from the process of a run to the process of the page. Plain data, picklable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """Tasks of each stage, ``[done, total]``, and memory of the process tree."""

    stages: dict[str, tuple[int, int]] = field(default_factory=dict)
    memory_nbytes: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line for the log."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The export is complete."""

    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The export was cancelled, and left nothing behind."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The export failed, and left nothing behind."""

    error: BaseException


Message = Progress | LogLine | Finished | Stopped | Failed
