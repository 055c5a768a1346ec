"""One entry in a list of exports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One export: its folder's name, and facts from its identity; 0 if not given there.

    Attributes
    ----------
    description, title
        Empty if not given there.
    picture
        The path of its picture in the folder; empty if the export has none.
    y_up
        Whether a page draws the y of its picture upwards, which the picture itself does not.
    format
        Given if readers cannot detect the format by looking for files in their usual order.
    """

    folder: str
    id: str
    name: str
    n_cells: int = 0
    n_genes: int = 0
    format: str | None = None
    description: str = ""
    y_up: bool = False
    title: str = ""
    picture: str = ""
