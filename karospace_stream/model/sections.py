"""Sections of a tissue in one file: how their cells are laid out, and the cells above each image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from karospace_stream.model.catalog import ImageInfo
from karospace_stream.model.cell_sections import GroupName


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Groups of cells laid out side by side in one embedding.

    An exported coordinate is the source's plus the shift of the cell's group, in x and y; other axes stay.

    Attributes
    ----------
    source
        The embedding, as `EmbeddingChoice.source`.
    column
        The obs column whose values are the groups.
    groups
        Groups with at least one cell that has coordinates, in the order of the grid.
    shifts
        Of each group, ``(x, y)``.
    n_columns
        Of the grid.
    """

    source: tuple[str, ...]
    column: str
    groups: tuple[GroupName, ...]
    shifts: tuple[tuple[float, float], ...]
    n_columns: int

    @property
    def spelling(self) -> str:
        """The coordinates, as in ``--coords``."""
        return f"{self.source[0]}:{','.join(self.source[1:])}"

    def shift(self, group: GroupName) -> tuple[float, float]:
        """The shift of a group; zero for a group that is not in the grid."""
        return dict(zip(self.groups, self.shifts, strict=True)).get(group, (0.0, 0.0))

    def to_json(self) -> dict[str, Any]:
        """The form in manifests and reports."""
        pairs = zip(self.groups, self.shifts, strict=True)
        return {
            "column": self.column,
            "groups": [{"category": group, "shift": list(shift)} for group, shift in pairs],
        }


#: Beyond these an image would be smaller than one unit of its slide, or a slide smaller than a pixel.
_LEAST_SCALE = 1e-9


def is_scaled(info: ImageInfo) -> bool:
    """Whether it is known how an image lies in the coordinates of its slide."""
    return info.scale is not None and _LEAST_SCALE < info.scale < 1 / _LEAST_SCALE


@dataclass(frozen=True, slots=True)
class CellsImage:
    """A tissue image of ``uns['spatial']``, and the cells that it lies under.

    Attributes
    ----------
    column, category
        The cells of this category; None if the image lies under all exported cells.
    shift
        That of these cells, where they are laid out.
    """

    info: ImageInfo
    column: str | None = None
    category: GroupName = None
    shift: tuple[float, float] = (0.0, 0.0)
