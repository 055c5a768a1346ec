"""What the planning rooms find worth a task, made small: modules' constants by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

PIECES: dict[str, Any] = {
    "karospace_stream.transpose.plan._FEWEST_VALUES": 500,
    "karospace_stream.transpose.edges.plan._FEWEST_ENTRIES": 4_000,
    "karospace_stream.transpose.edges.plan._MOST_ENTRIES": 8_000,
    "karospace_stream.plan.planning._HELD_SHARE": 1 << 40,  # no graph is held in memory
    "karospace_stream.formats.karospace.layout.genes.packed._SHARD_VALUES": 8_000,
    "karospace_stream.formats.karospace.tissue.transcripts.part._PIECE_ROWS": 5_000,
    "karospace_stream.formats.karospace.tissue.transcripts.part._TASK_ROWS": 4_000,
}


def cut_small() -> None:
    """Set them for the rest of this process."""
    for name, value in PIECES.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, value)
