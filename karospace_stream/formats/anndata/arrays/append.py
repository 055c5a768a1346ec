"""An array of unknown length until the last row arrives, as in a matrix without duplicates."""

from __future__ import annotations

import numpy as np

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.rows import Values
from karospace_stream.formats.anndata.layout.arrays import WHOLE, ArraySpec
from karospace_stream.model.blob import Receipt


class GrowingArray:
    """Packs chunks as they become full. Holds one chunk, or one shard in packed form.

    An array shorter than a chunk is one chunk of its own length, so the first chunk waits.
    """

    def __init__(self, chunks: ChunkWriter, path: str, dtype: str) -> None:
        self.receipts: list[Receipt] = []
        self._chunks, self._path = chunks, path
        self._values = np.empty(WHOLE, dtype)
        self._filled = 0
        self._n_packed = self._n_objects = 0
        self._waiting: list[bytes | None] = []

    def add(self, values: Values) -> None:
        """Append values of the array's type."""
        at = 0
        while at < len(values):
            if self._filled == WHOLE:
                self._pack(WHOLE)
            part = values[at : at + WHOLE - self._filled]
            self._values[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            at += len(part)

    def finish(self) -> ArraySpec:
        """Write the remaining values; return the array for the documents."""
        n_values = self._n_packed * WHOLE + self._filled
        step = WHOLE if self._n_packed else max(1, self._filled)
        if self._filled:
            self._pack(step)
        spec = self._chunks.laid(self._spec(n_values, step))
        if self._waiting:
            self._put(spec)
        return spec

    def _pack(self, step: int) -> None:
        n_values = self._n_packed * WHOLE + self._filled
        if len(self._waiting) == self._chunks.shard:
            self._put(self._spec(n_values, step))
        spec = self._spec(n_values, step)
        self._waiting.append(self._chunks.pack(spec, self._values[: self._filled]))
        self._n_packed += 1
        self._filled = 0

    def _put(self, spec: ArraySpec) -> None:
        self.receipts += self._chunks.put_group(spec, self._n_objects, self._waiting)
        self._waiting = []
        self._n_objects += 1

    def _spec(self, n_values: int, step: int) -> ArraySpec:
        return ArraySpec(self._path, (n_values,), (step,), self._values.dtype.name)
