"""A reader of packed genes that shares no code with the writer: NumPy and the standard library."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np


def shuffled(content: bytes, dtype: str) -> Any:
    """Numbers whose first bytes come first, then their second ones, and so on."""
    width = np.dtype(dtype).itemsize
    return np.frombuffer(content, np.uint8).reshape(width, -1).T.copy().view(dtype).reshape(-1)


class Packed:
    """The genes of a bundle."""

    def __init__(self, bundle: Path) -> None:
        self.bundle = bundle
        self.atlas = json.loads((bundle / "atlas.json").read_bytes())
        self.genes = self.atlas["genes"]["expression"]
        assert self.genes["encoding"] == "gaps"
        n = self.atlas["n_genes"]
        self.dtype = {"float32": "<f4", "uint16": "<u2", "uint8": "u1"}[self.genes["dtype"]]
        index = gzip.decompress((bundle / self.genes["index"]["path"]).read_bytes())
        self.counts, self.lengths = np.frombuffer(index, "<u4", 2 * n).reshape(2, n)
        self.ranges = np.frombuffer(index[8 * n :], "<f4").reshape(-1, n)

    def gene(self, gene: int) -> Any:
        """A gene with its zeros."""
        shard = next(each for each in self.genes["shards"] if each["start"] <= gene < each["end"])
        lengths = self.lengths.astype(np.int64)
        offset = lengths[shard["start"] : gene].sum()
        stored = (self.bundle / shard["path"]).read_bytes()
        assert len(stored) == shard["size_bytes"] == lengths[shard["start"] : shard["end"]].sum()
        content = gzip.decompress(stored[offset : offset + lengths[gene]])
        n = int(self.counts[gene])
        rows = np.cumsum(shuffled(content[: 4 * n], "<u4").astype(np.int64) + 1) - 1
        values = shuffled(content[4 * n :], self.dtype)
        if self.genes["dtype"] != "float32":
            low, high = self.ranges[:, gene].astype(float)
            values = (low + values / (2 ** (8 * values.itemsize) - 1) * (high - low)).astype(np.float32)
        dense = np.zeros(self.atlas["n_cells"], np.float32)
        dense[rows] = values
        return dense


def classic_gene(bundle: Path, gene: int) -> Any:
    """A gene of a bundle of the classic layout."""
    parts = sorted((bundle / "assets" / "expression").glob(f"gene_{gene:05d}_part_*.bin.gz"))
    return np.concatenate([np.frombuffer(gzip.decompress(part.read_bytes()), "<f4") for part in parts])
