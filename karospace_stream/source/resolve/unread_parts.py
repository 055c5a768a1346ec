"""Names of the parts of an AnnData whose values no reader uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from karospace_stream.source.problems.unreadable import Unreadable

#: Members of an AnnData that may hold such parts.
OTHERS = ("varm", "varp", "uns")


def other_parts(
    groups: Mapping[str, Mapping[str, Any]], arrays: Collection[str], unreadable: Unreadable
) -> tuple[str, ...]:
    """Paths of all entries that are neither arrays of uns nor known to be unreadable; reads names only."""
    known = {key for key, _ in unreadable} | {f"uns/{name}" for name in arrays}
    return tuple(path for path in _paths(groups) if path not in known)


def _paths(groups: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for kind, group in groups.items():
        # Zarr lists in the order of the file system; anndata 0.13 has keys that are None.
        yield from (f"{kind}/{name}" for name in sorted(filter(None, map(_text, group))))


def _text(name: object) -> str:
    return "" if name is None else str(name)
