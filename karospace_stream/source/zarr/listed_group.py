"""A Zarr group whose members are listed one by one: zarr lists none if one of them is damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import zarr

from karospace_stream.source.zarr.keys import METADATA


class ListedGroup(Mapping[str, Any]):
    """A group of one of our stores. Its damaged members are listed; opening one raises zarr's error.

    With consolidated metadata, all members have been read when the store was opened.
    """

    def __init__(self, group: zarr.Group) -> None:
        self._group = group
        self._names: list[str] | None = None
        self._opened: dict[str, Any] = {}

    @property
    def attrs(self) -> Any:
        """Attributes of the group."""
        return self._group.attrs

    @property
    def zarr_format(self) -> int:
        """Version of Zarr."""
        return int(self._group.metadata.zarr_format)

    @property
    def path(self) -> str:
        """Key of the group in its store; empty for the root."""
        return str(self._group.path)

    def __getitem__(self, name: str) -> Any:
        if name not in self._opened:
            node = self._group[name]
            self._opened[name] = ListedGroup(node) if isinstance(node, zarr.Group) else node
        return self._opened[name]

    def __contains__(self, name: object) -> bool:
        if name in self._opened:
            return True
        # Raises if the member is damaged.
        return name in self._group

    def __iter__(self) -> Iterator[str]:
        if self._names is None:
            self._names = list(self._group if self._is_consolidated else self._listed())
        return iter(self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def _is_consolidated(self) -> bool:
        return self._group.metadata.consolidated_metadata is not None

    def _listed(self) -> Iterator[str]:
        for name in sorted(self._group.store.names_below(self._group.path)):
            if name not in METADATA and self._holds(name):
                yield name

    def _holds(self, name: str) -> bool:
        """Whether it is a member, damaged or not; anything else may lie beside members."""
        try:
            self[name]
        except KeyError:
            return False
        except Exception:  # zarr's own kinds, JSON's, ours: raised again where the member is used
            return True
        return True
