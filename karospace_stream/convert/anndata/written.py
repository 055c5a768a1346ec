"""What is left of the tasks that write X."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.model.blob import Receipt


@dataclass(frozen=True, slots=True)
class MatrixWritten:
    """What one task has written, and what is the same for all of them.

    Attributes
    ----------
    n_values, dtype
        Of the whole matrix: values that are not zero (0 where it is dense), and their type.
    """

    receipts: tuple[Receipt, ...]
    n_values: int
    dtype: str
