"""Members of h5py and zarr groups. Broken members are recorded, not mistaken for absent ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.original_names import original_names
from karospace_stream.source.problems.unreadable import Unreadable, optional


def member(node: Any, path: str) -> Any | None:
    """The member at a path; None if there is none.

    Raises
    ------
    BadInputError
        If it is a dangling link. Damaged members raise the library's own errors.
    """
    for step in path.split("/"):
        if not hasattr(node, "keys"):
            return None
        if step not in node:
            refuse_broken_link(node, step)
            return None
        node = node[step]
    return node


def members(root: Any, path: str, unreadable: Unreadable) -> list[tuple[str, Any]]:
    """Members of a group, sorted by name, as Zarr lists in file system order; none if it is no group."""
    found: list[tuple[str, Any]] = []
    with optional(unreadable, path):
        group = member(root, path)
        if group is None:
            return []
        if not hasattr(group, "keys"):
            raise BadInputError("it must be a group of entries, but is not")
        called = original_names(group)
        for name in sorted(group, key=str):
            with optional(unreadable, f"{path}/{shown(name)}"):
                if shown(name) != name:
                    raise BadInputError("its name must be UTF-8, but is not")
                found.append((called.get(name, name), member(group, name)))
    return found


def shown(name: str | bytes) -> str:
    """A name for messages; h5py returns names that are not UTF-8 as bytes."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "replace")
    return raw.decode("utf-8", "replace")


def refuse_broken_link(group: Any, name: str) -> None:
    """Raise BadInputError if this is a dangling link. Only HDF5 has links."""
    link = group.get(name, getlink=True) if hasattr(group, "id") else None
    if link is not None:
        target = str(getattr(link, "filename", None) or getattr(link, "path", ""))
        raise BadInputError(f"it is a broken link: {shown(target)}")


def mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A sub-group; an empty one if there is something else or nothing. Raises for a dangling link."""
    node = parent.get(key)
    if node is None:
        refuse_broken_link(parent, key)
    return node if node is not None and hasattr(node, "keys") else {}
