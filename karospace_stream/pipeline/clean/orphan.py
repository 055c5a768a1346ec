"""One leftover of an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Orphan:
    """What can go.

    Attributes
    ----------
    what
        In words.
    where
        Folder or URL.
    n_objects, nbytes
        How much.
    remove
        Does it. Raises ``TargetError`` where that is not possible.
    """

    what: str
    where: str
    n_objects: int
    nbytes: int
    remove: Callable[[], None] = field(repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"what": self.what, "where": self.where, "n_objects": self.n_objects, "nbytes": self.nbytes}


def folder_size(folder: Path) -> tuple[int, int]:
    """Files below a folder, and their bytes; links are not followed."""
    sizes = []
    for path in folder.rglob("*"):
        about = path.lstat()
        if not path.is_dir():
            sizes.append(about.st_size)
    return len(sizes), sum(sizes)
