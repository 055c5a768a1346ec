"""Complete strips of a dense X."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.results import MatrixWritten
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand


class OpenDense:
    """Fills one strip of genes after another, and writes it when it is full.

    For a range of genes, it writes the objects (strips, or shards of strips) that begin there. It holds
    one strip, which is one gene of many cells or several genes of few, and the packed strips of its shard.
    """

    def __init__(self, chunks: ChunkWriter, spec: ArraySpec, first: int, stop: int) -> None:
        self.receipts: list[Receipt] = []
        self.needed = stop
        self._chunks, self._spec = chunks, spec
        self._width, n_genes = spec.chunks[1], spec.shape[1]
        unit = self._width * spec.per_shard
        self._next = -(-first // unit) * unit
        self._end = min(-(-stop // unit) * unit, n_genes)
        if self._next >= stop:
            self._next = self._end = stop
        self.needed = max(stop, self._end)
        n_parts = spec.n_chunks[0]
        self._held: list[list[bytes | None]] = [[] for _ in range(n_parts)]
        self._strip = np.zeros((spec.shape[0], self._width if self._next < self._end else 0), spec.dtype)

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        """Take the next genes, which are in exported order."""
        first = int(positions[0])
        for gene, (begin, end) in enumerate(pairwise(band.indptr.tolist()), first):
            if not self._next <= gene < self._end:
                continue
            self._strip[band.rows[begin:end], gene % self._width] = band.data[begin:end]
            self._next = gene + 1
            if self._next % self._width == 0 or self._next == self._end:
                self._write(gene // self._width)

    def written(self) -> list[MatrixWritten]:
        """The strips, and the type of the matrix."""
        assert self._next == self._end, "a task reads on until its last strip is full"
        return [MatrixWritten(tuple(self.receipts), 0, self._spec.dtype)]

    def _write(self, number: int) -> None:
        height = self._spec.chunks[0]
        n_genes = min(self._width, self._spec.shape[1] - number * self._width)
        for part, held in enumerate(self._held):
            values = self._strip[part * height : (part + 1) * height, :n_genes]
            held.append(self._chunks.pack(self._spec, values))
        if (number + 1) % self._spec.per_shard == 0 or self._next == self._end:
            for part, held in enumerate(self._held):
                at = (part, number // self._spec.per_shard)
                self.receipts += self._chunks.put_shard(self._spec, at, held)
                held.clear()
        self._strip.fill(0)
