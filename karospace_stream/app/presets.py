"""Sets of choices that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """Values of the form; what is not named here takes its default, but for where and how it is written."""

    name: str
    title: str
    help: str
    values: dict[str, Any]


PRESETS = (
    Preset(
        "light",
        "Light",
        "500 genes, no graph, no vectors: quick to make and to send.",
        {"genes": "hvgs:500", "graph": "none", "vectors": ["none"]},
    ),
    Preset("default", "Default", "All genes, the usual annotations, what is found by its name.", {}),
    Preset(
        "everything",
        "Everything",
        "All genes and every column of obs, with graph, vectors and image.",
        {"anno": ["all"]},
    ),
)
