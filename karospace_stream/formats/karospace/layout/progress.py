"""``progress.json``: the progress of an export that can be viewed while it runs."""

from __future__ import annotations

from karospace_stream.encode.tables import dump_json


def progress(done: int, total: int, stage: str) -> bytes:
    """Encode the number of finished tasks and the current activity."""
    return dump_json({"done": done, "total": total, "stage": stage})
