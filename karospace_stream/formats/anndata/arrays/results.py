"""Results of the tasks that write a store."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.anndata.layout.groups import Node
from karospace_stream.model.blob import Receipt


@dataclass(frozen=True, slots=True)
class Written:
    """What a task has written: groups and arrays for the documents, and the objects of their chunks."""

    nodes: tuple[Node, ...]
    receipts: tuple[Receipt, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixWritten:
    """What one task has written of X, and what is the same for all of them.

    Attributes
    ----------
    n_values, dtype
        Of the whole matrix: values that are not zero (0 where it is dense), and their type.
    """

    receipts: tuple[Receipt, ...]
    n_values: int
    dtype: str
