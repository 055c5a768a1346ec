"""The inputs of a source, and the tables beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table beside the matrix.

    Attributes
    ----------
    name
        Of the file, for people; no path.
    columns
        The columns of obs that are from it.
    embeddings
        The entries of obsm that are made of its columns.
    nbytes
        What its columns take in memory.
    coords
        The entry of obsm that ``--coords table:X,Y`` names; empty if it names none of this table.
    """

    name: str
    columns: tuple[str, ...]
    embeddings: tuple[str, ...] = ()
    nbytes: int = 0
    coords: str = ""


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One of several inputs that are read as one.

    Attributes
    ----------
    name
        Its name, which no other has.
    location, container, n_cells, kind
        As those of its own `Catalog`.
    columns
        Columns of obs that a list of inputs says about it.
    """

    name: str
    location: str
    container: Literal["h5ad", "zarr", "memory", "files"]
    n_cells: int
    kind: str = ""
    columns: tuple[str, ...] = ()
