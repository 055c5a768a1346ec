"""Bounding boxes of groups of cells, a tile at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.model.cell_sections import GroupName


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in x and y."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent in x."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent in y."""
        return self.bottom - self.top

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class GroupBoxes:
    """The box of each group's cells with coordinates, and the number of its cells."""

    def __init__(self) -> None:
        self.boxes: dict[GroupName, Box] = {}
        self.counts: dict[GroupName, int] = {}

    def add(
        self, names: list[GroupName], codes: npt.NDArray[np.intp], points: npt.NDArray[np.floating]
    ) -> None:
        """Add a tile: its groups as of `labels_of`, and its coordinates ``(n, 2 or more)``."""
        for code, count in enumerate(np.bincount(codes, minlength=len(names)).tolist()):
            if count:
                self.counts[names[code]] = self.counts.get(names[code], 0) + count
        flat = points[:, :2].astype(np.float64)
        placed = np.isfinite(flat).all(axis=1)
        if not placed.any():
            return
        order, starts, groups = _runs(codes[placed], len(names))
        ordered = flat[placed][order]
        low, high = (reduce(ordered, starts, axis=0) for reduce in (np.minimum.reduceat, np.maximum.reduceat))
        for group, corners in zip(groups.tolist(), np.hstack([low, high]).tolist(), strict=True):
            box, known = Box(*corners), self.boxes.get(names[group])
            self.boxes[names[group]] = box if known is None else known.around(box)


def _runs(
    codes: npt.NDArray[np.intp], n_groups: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The order that puts cells group by group, where each group begins in it, and which it is."""
    short = codes.astype(np.uint16) if n_groups <= np.iinfo(np.uint16).max else codes  # sorted by radix
    order = np.argsort(short, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return order, starts, codes[order][starts]
