"""The elements of a store that are not read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from karospace_stream.model.finding import Finding
from karospace_stream.source.elements.members import mapping
from karospace_stream.source.problems.other_kinds import listed

_POINTS = "points"
_FOLDERS = ("images", "labels", "shapes")
_MOST_NAMES = 3


def unread_elements(root: Any, annotated: Collection[str], images: Collection[str] = ()) -> Iterator[Finding]:
    """A finding about elements that no cell of the table belongs to.

    Parameters
    ----------
    annotated
        Names of those that the table annotates: others tell what becomes of them.
    images
        Names of images that are read.
    """
    there = set(root)
    found = []
    for folder in _FOLDERS:
        names = _names(root, folder, images if folder == "images" else annotated) if folder in there else []
        if names:
            found.append(f"{folder} {listed(map(repr, names), _MOST_NAMES)}")
    if found:
        yield Finding("elements-unread", f"what else the store has is not read: {'; '.join(found)}")
    if _POINTS in there and (names := _names(root, _POINTS, annotated)):
        several = listed(map(repr, names), _MOST_NAMES)
        yield Finding(
            "points-unread", f"points {several} are read only where they are asked for as transcripts"
        )


def _names(root: Any, folder: str, known: Collection[str]) -> list[str]:
    return sorted(set(mapping(root, folder)) - set(known))
