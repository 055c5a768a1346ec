"""Genes of the packed layout: where shards are cut, their entry in ``atlas.json``, and their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.model.blob import Receipt

GeneBits = Literal[32, 16, 8]
DTYPES: dict[int, str] = {32: "float32", 16: "uint16", 8: "uint8"}

_SHARD_VALUES = 1 << 24  # zeros among them: about a million values that are stored
_MOST_SHARDS = 250
MOST_BLOCK_NBYTES = 2**32 - 1


def shard_cuts(n_cells: int, n_genes: int) -> tuple[int, ...]:
    """Genes at which shards begin, and their end: shards of as many genes each.

    This depends on the size of the matrix alone: not on its values, which nobody has counted, nor on how the
    work is cut.
    """
    n_shards = max(1, min(n_genes, _MOST_SHARDS, n_cells * n_genes // _SHARD_VALUES))
    return tuple(n_genes * shard // n_shards for shard in range(n_shards + 1)) if n_genes else (0,)


@dataclass(frozen=True, slots=True)
class PackedGenes:
    """All genes as written.

    Attributes
    ----------
    shards
        Receipt, and its genes from the first up to the second position.
    """

    bits: GeneBits
    index: Receipt
    shards: Sequence[tuple[Receipt, int, int]]

    def entry(self) -> dict[str, Any]:
        """The entry ``genes.expression`` in ``atlas.json``."""
        return {
            "encoding": "gaps",
            "dtype": DTYPES[self.bits],
            "index": {"path": self.index.key, "size_bytes": self.index.size},
            "shards": [
                {"path": receipt.key, "start": start, "end": end, "size_bytes": receipt.size}
                for receipt, start, end in self.shards
            ],
        }


@dataclass(frozen=True, slots=True, eq=False)
class GeneIndex:
    """What the index says of each gene.

    Attributes
    ----------
    n_values, n_bytes
        Stored values, and bytes of its block.
    low, high
        Of codes; None for float32.
    """

    n_values: npt.NDArray[np.uint32]
    n_bytes: npt.NDArray[np.uint32]
    low: npt.NDArray[np.float32] | None = None
    high: npt.NDArray[np.float32] | None = None

    def to_bytes(self) -> bytes:
        """Encode it."""
        columns = (self.n_values, self.n_bytes, self.low, self.high)
        return b"".join(
            np.ascontiguousarray(each, each.dtype.newbyteorder("<")).tobytes()
            for each in columns
            if each is not None
        )

    @classmethod
    def read(cls, content: bytes, n_genes: int, bits: int) -> GeneIndex:
        """Decode it, inflated.

        Raises
        ------
        ValueError
            If it has another length.
        """
        types = ["<u4", "<u4"] + ([] if bits == 32 else ["<f4", "<f4"])
        if len(content) != 4 * n_genes * len(types):
            raise ValueError(f"an index of {len(content)} bytes, not {4 * n_genes * len(types)}")
        step = 4 * n_genes
        return cls(*(np.frombuffer(content, each, n_genes, step * at) for at, each in enumerate(types)))
