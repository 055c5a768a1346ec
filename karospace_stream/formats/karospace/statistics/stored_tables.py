"""Read tables of genes in a bundle, and compare them with what was computed of some genes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.checks import inflated
from karospace_stream.model.expected import Read

_NEAR = 1e-6  # of float32 numbers, and of p-values by another version of SciPy
_MOST_NAMED = 3
#: A file, and what is wrong with it.
Difference = tuple[str, str]
Genes = npt.NDArray[np.int64]
#: Names of columns and their types.
Columns = Sequence[tuple[str, str]]


class UnreadableFileError(ValueError):
    """A file of numbers that cannot be read.

    Attributes
    ----------
    key
        Its path.
    """

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


@dataclass(frozen=True, slots=True)
class StoredTables:
    """Files of a bundle, and the genes that are compared.

    Attributes
    ----------
    positions
        Of the compared genes, among those of the bundle.
    labels
        Of all genes of the bundle.
    """

    read: Read
    positions: Genes
    labels: Sequence[str]

    def numbers(self, path: str, nbytes: int) -> npt.NDArray[np.uint8]:
        """The bytes of a file.

        Raises
        ------
        UnreadableFileError
            If it is damaged, or does not have this size.
        """
        try:
            data = inflated(self.read(path), nbytes)
        except ValueError as error:
            raise UnreadableFileError(path, str(error)) from error
        if len(data) != nbytes:
            raise UnreadableFileError(path, f"it must hold {nbytes:,} bytes, got {len(data):,}")
        return np.frombuffer(data, np.uint8)

    def columns(self, part: Mapping[str, Any], columns: Columns) -> dict[str, npt.NDArray[Any]]:
        """Columns of some genes, one after another in a file."""
        n_rows, at = int(part["end"]) - int(part["start"]), 0
        sizes = [n_rows * np.dtype(dtype).itemsize for _, dtype in columns]
        data, found = self.numbers(part["path"], sum(sizes)), {}
        for (name, dtype), size in zip(columns, sizes, strict=True):
            found[name] = data[at : at + size].view(np.dtype(dtype).newbyteorder("<"))
            at += size
        return found

    def unequal(
        self, key: str, what: str, here: Genes, theirs: npt.NDArray[Any], ours: npt.NDArray[Any]
    ) -> Iterator[Difference]:
        """A difference that names genes; ``here`` are numbers of compared genes."""
        same = near(theirs, ours)
        wrong = ~same.all(axis=tuple(range(1, same.ndim)))
        if wrong.any():
            named = [repr(self.labels[self.positions[at]]) for at in here[wrong][:_MOST_NAMED].tolist()]
            more = ", …" if wrong.sum() > len(named) else ""
            yield key, f"differs from the source: {what} of {', '.join(named)}{more}"

    def rows_of(self, genes: npt.NDArray[Any]) -> tuple[Genes, Genes]:
        """Rows that hold one of the compared genes, and the number of each."""
        genes = genes.astype(np.int64)
        at = np.minimum(np.searchsorted(self.positions, genes), len(self.positions) - 1)
        rows = np.flatnonzero(self.positions[at] == genes)
        return rows, at[rows]


def near(theirs: npt.NDArray[Any], ours: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether numbers are the same, but for rounding."""
    found: npt.NDArray[np.bool_] = np.isclose(theirs, ours, rtol=_NEAR, atol=0, equal_nan=True)
    return found
