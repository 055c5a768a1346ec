"""What an export says of itself: which files lie beside its manifest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that an export names.

    Attributes
    ----------
    key
        Relative to the export, with ``/``. Comes from a file that somebody else may have written.
    size
        Bytes as stored; None where the export does not say.
    lasting
        Whether another export into the same place would use another name, or the same bytes.
    """

    key: str
    size: int | None = None
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """An export by its manifests: how large it is, and files of every kind that it has."""

    n_cells: int
    n_genes: int
    files: tuple[Expected, ...]
