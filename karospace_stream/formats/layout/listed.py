"""One entry in a list of exports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One export: its folder's name, and facts from its identity; 0 if not given there.

    Attributes
    ----------
    format
        Given if readers cannot detect the format by looking for files in their usual order.
    """

    folder: str
    id: str
    name: str
    n_cells: int = 0
    n_genes: int = 0
    format: str | None = None
