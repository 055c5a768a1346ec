"""A leftover of an interrupted export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Orphan:
    """A leftover of an interrupted export, which can be removed.

    Attributes
    ----------
    what
        Kind of leftover, such as ``"scratch"``, for people.
    where
        Folder or URL.
    n_objects, nbytes
        Number of files or objects, and their size in bytes.
    remove
        Function that removes the leftover. Raises ``TargetError`` if that fails.
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
