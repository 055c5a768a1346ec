"""Input of the tasks of one format. No data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from karospace_stream._version import __version__
from karospace_stream.formats.existing.recorded import recorded_options
from karospace_stream.formats.format import FormatPlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.targets import Sink

Plan = TypeVar("Plan", bound=FormatPlan)


@dataclass(frozen=True, slots=True)
class FormatJob(Generic[Plan]):
    """A plan, and where to write what it describes. A format adds how it writes.

    Attributes
    ----------
    began_at
        The time stamp of the export.
    recorded
        The options, as recorded in the export.
    """

    plan: Plan
    target: Sink
    began_at: datetime
    recorded: Mapping[str, Any]

    @classmethod
    def of(cls, plan: Plan, target: Sink, began_at: datetime) -> Self:
        """A job that records the options of the plan."""
        return cls(plan, target, began_at, recorded_options(plan.source, plan.options, plan.selection))

    @property
    def source(self) -> Source:
        """The source of the export."""
        return self.plan.source

    @property
    def selection(self) -> Selection:
        """Cells, genes, columns and embeddings."""
        return self.plan.selection

    @property
    def generator(self) -> str:
        """Name and version of this program, as written into the export."""
        return f"karospace-stream {__version__}"

    @contextmanager
    def batch(self) -> Iterator[Self]:
        """A copy that writes several objects at a time; all are written when the context ends."""
        with self.target.batch() as target:
            yield replace(self, target=target)
