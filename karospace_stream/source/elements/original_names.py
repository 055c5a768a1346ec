"""Original names of elements stored under other keys because their names are no valid store paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_ATTRIBUTE = "original-names"


def original_names(group: Any) -> dict[str, str]:
    """Names by key, as a store of ours has them in an attribute of the group; empty in other files.

    Names that would make two elements collide are not among them: those elements keep their keys.
    """
    stored = group.attrs.get(_ATTRIBUTE) if hasattr(group, "attrs") else None
    if not isinstance(stored, Mapping):
        return {}
    keys = set(group)
    names = {key: name for key, name in stored.items() if key in keys and isinstance(name, str)}
    times = Counter(names.values())
    return {key: name for key, name in names.items() if times[name] == 1 and name not in keys}


def under_original_names(group: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the group with its elements under their original names."""
    names = original_names(group)
    return _Named(group, names) if names else group


class _Named(Mapping[str, Any]):
    """A group with replaced keys; opens elements on access."""

    def __init__(self, group: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._group = group
        self._keys = {names.get(key, key): key for key in group}

    def __getitem__(self, name: str) -> Any:
        return self._group[self._keys[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
