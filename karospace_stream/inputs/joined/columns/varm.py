"""Join entries of varm: tables of genes, such as loadings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.matrix.genes import GeneJoin
from karospace_stream.inputs.joined.merge import choose, equal_arrays
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.options.general.joining import Merge
from karospace_stream.source.elements.embeddings import EmbeddingEntry, float_type

_MOST_VALUES = 1 << 26  # of all inputs, to compare


@dataclass(frozen=True, slots=True, eq=False)
class TakenEntry:
    """The rows of the joined genes; NaN where there is none."""

    stored: EmbeddingEntry
    rows: npt.NDArray[np.int32]

    @property
    def n_rows(self) -> int:
        """Length."""
        return len(self.rows)

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return replace(self.stored.info(key), table=None)

    def read(self, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Read a part; see the protocol. Reads all rows of the stored entry."""
        rows = self.rows[start:stop]
        stored = self.stored.read(0, self.stored.n_rows, n_columns)
        values = np.full((stop - start, stored.shape[1]), np.nan, float_type(stored.dtype))
        values[rows >= 0] = stored[rows[rows >= 0]]
        return values


def join_varm(
    entries: Sequence[Mapping[str, EmbeddingEntry]], genes: GeneJoin, merge: Merge
) -> tuple[dict[str, EmbeddingEntry], list[str]]:
    """The entries of the joined genes, and those that are left out because inputs disagree.

    Where comparing them would take long, they count as different.
    """
    held = [
        {key: entry if rows is None else TakenEntry(entry, rows) for key, entry in each.items()}
        for each, rows in zip(entries, genes.sources, strict=True)
    ]

    def are_equal(key: str, one: EmbeddingEntry, other: EmbeddingEntry) -> bool:
        info, n_genes = one.info(key), len(genes.names)
        if info != other.info(key) or n_genes * info.n_columns * len(held) > _MOST_VALUES:
            return False
        values = (each.read(0, n_genes, info.n_columns) for each in (one, other))
        return equal_arrays(*values)

    chosen, left = choose(held, merge, are_equal)
    return {key: held[number][key] for key, number in chosen.items()}, left
