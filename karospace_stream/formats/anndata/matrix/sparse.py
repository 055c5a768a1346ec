"""Cut genes of any length into complete chunks of the data and indices of X."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.results import MatrixWritten
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.matrix import SparseArrays
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand, GeneSpans


class OpenSparse:
    """Fills one chunk after another with incoming values, and writes each when it is full.

    For a range of genes, it writes the objects (chunks, or shards of chunks) whose first value is in one of
    these genes; so every object is written by exactly one task, wherever the ranges end.

    Parameters
    ----------
    first, stop
        Positions of the genes of the range.
    """

    def __init__(
        self, chunks: ChunkWriter, arrays: SparseArrays, spans: GeneSpans, first: int, stop: int
    ) -> None:
        self.receipts: list[Receipt] = []
        self.needed = stop
        self._chunks, self._arrays, self._spans = chunks, arrays, spans
        self._step = arrays.data.chunks[0]
        unit = self._step * chunks.shard
        begin, end = (int(spans.indptr[gene]) for gene in (first, stop))
        self._next = -(-begin // unit) * unit
        if self._next >= end:  # the values of these genes belong to an object that begins before them
            self._next = self._end = end
            return
        self._end = min(-(-end // unit) * unit, spans.n_values)
        self.needed = max(stop, int(np.searchsorted(spans.indptr, self._end)))
        self._filled = 0
        self._data = np.empty(self._step, arrays.data.dtype)
        self._indices = np.empty(self._step, arrays.indices.dtype)
        self._shards = [_Shard(chunks, spec) for spec in (arrays.data, arrays.indices)]

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        """Take the next genes, which are in exported order."""
        start = int(self._spans.indptr[positions[0]])
        at, end = self._next - start, min(len(band.data), self._end - start)
        while at < end:
            n = min(end - at, self._step - self._filled)
            here = slice(self._filled, self._filled + n)
            self._data[here] = band.data[at : at + n]
            self._indices[here] = band.rows[at : at + n]
            self._filled += n
            self._next += n
            at += n
            if self._filled == self._step or self._next == self._end:
                self._write()

    def written(self) -> list[MatrixWritten]:
        """The objects, and the size of the matrix."""
        assert self._next == self._end, "a task reads on until its last chunk is full"
        return [MatrixWritten(tuple(self.receipts), self._spans.n_values, self._arrays.data.dtype)]

    def _write(self) -> None:
        number = (self._next - 1) // self._step
        for shard, values in zip(self._shards, (self._data, self._indices), strict=True):
            self.receipts += shard.add(number, values[: self._filled], last=self._next == self._end)
        self._filled = 0


class _Shard:
    """The chunks of one object: one, or as many as a shard has."""

    def __init__(self, chunks: ChunkWriter, spec: ArraySpec) -> None:
        self._chunks, self._spec = chunks, spec
        self._held: list[bytes | None] = []

    def add(self, number: int, values: npt.NDArray[np.generic], *, last: bool) -> list[Receipt]:
        self._held.append(self._chunks.pack(self._spec, values))
        if not last and (number + 1) % self._chunks.shard:
            return []
        held, self._held = self._held, []
        return self._chunks.put_group(self._spec, number // self._chunks.shard, held)
