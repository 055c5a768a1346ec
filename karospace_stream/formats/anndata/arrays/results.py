"""Results of the tasks that write a store."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.anndata.layout.groups import Node
from karospace_stream.model.blob import Receipt


@dataclass(frozen=True, slots=True)
class Written:
    """Output of a task: groups and arrays for the documents, and the objects of their chunks."""

    nodes: tuple[Node, ...]
    receipts: tuple[Receipt, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixWritten:
    """Output of one task that writes X, and facts that are the same for all of these tasks.

    Attributes
    ----------
    n_values, dtype
        Of the complete matrix: the number of nonzero values (0 if it is dense), and their type.
    """

    receipts: tuple[Receipt, ...]
    n_values: int
    dtype: str
