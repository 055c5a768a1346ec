"""The decisions of a format about an export, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The decisions of a format, for people, for the exporter's page, and for the check of a resumed run.

    Attributes
    ----------
    columns
        Exported columns of obs.
    embeddings
        Exported keys of obsm.
    coordinates
        What is shown first, as the user would request it; empty if the format shows nothing.
    vectors
        Exported vector fields.
    reasons
        Why a column was taken, by its name; empty where the user chose the columns.
    more
        Everything else, by name.
    """

    columns: Sequence[str] = ()
    embeddings: Sequence[str] = ()
    coordinates: str = ""
    vectors: Sequence[str] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return {
            "coordinates": self.coordinates,
            "embeddings": list(self.embeddings),
            "columns": list(self.columns),
            "column_reasons": dict(self.reasons),
            "vectors": list(self.vectors),
            **self.more,
        }
