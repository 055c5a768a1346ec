"""One leftover of an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Orphan:
    """A leftover that can be removed.

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
        """Convert to plain data."""
        return {"what": self.what, "where": self.where, "n_objects": self.n_objects, "nbytes": self.nbytes}


def folder_size(folder: Path) -> tuple[int, int]:
    """Count files below a folder and their bytes; do not follow links."""
    sizes = []
    for path in folder.rglob("*"):
        about = path.lstat()
        if not path.is_dir():
            sizes.append(about.st_size)
    return len(sizes), sum(sizes)
