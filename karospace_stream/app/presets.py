"""Sets of choices that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """Values of the form; other fields take their defaults, except those for where and how to write."""

    name: str
    title: str
    help: str
    values: dict[str, Any]


PRESETS = (
    Preset(
        "light",
        "Light",
        "500 genes, no graph, no vectors: quick to export and to load.",
        {"genes": "hvgs:500", "graph": "none", "vectors": ["none"]},
    ),
    Preset("default", "Default", "All genes, the usual annotations, and everything recognised by name.", {}),
    Preset(
        "everything",
        "Everything",
        "All genes and every obs column, with graph, vectors and image.",
        {"anno": ["all"]},
    ),
)
