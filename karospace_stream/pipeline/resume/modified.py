"""Modification time of an input."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karospace_stream.storage import Store, is_url, location_of


def when_written(location: str, storage_options: Mapping[str, Any] | None) -> float | None:
    """Seconds since 1970; None if unknown."""
    try:
        return (
            _on_store(Store(location_of(location, storage_options))) if is_url(location) else _here(location)
        )
    except (OSError, ValueError):
        return None


def _here(location: str) -> float:
    path = Path(location)
    times = [path.stat().st_mtime]
    for folder, _, names in os.walk(path):
        times += [(Path(folder) / name).stat().st_mtime for name in (".", *names)]
    return max(times)


def _on_store(store: Store) -> float | None:
    about = store.info("")
    times = [each.written_at for each in ([about] if about else store.find().values())]
    known = [each for each in times if each is not None]
    return max(known) if known and len(known) == len(times) else None
