"""X of a gene-major store: input and output of the tasks that write it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.results import MatrixWritten
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.matrix import dense_array, sparse_arrays
from karospace_stream.formats.anndata.matrix.dense import OpenDense
from karospace_stream.formats.anndata.matrix.sparse import OpenSparse
from karospace_stream.formats.genes.writers import GeneRange, OpenGenes
from karospace_stream.model.blob import Receipt


@dataclass(frozen=True, slots=True)
class AnnDataMatrix:
    """Writes X, chunk by chunk. A `GeneWriter`.

    Attributes
    ----------
    shape
        Exported cells and genes.
    dense
        Whether the source is dense; then X is too.
    """

    chunks: ChunkWriter
    shape: tuple[int, int]
    dense: bool
    path: str = "X"

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[OpenGenes[MatrixWritten]]:
        """Write the chunks that begin in a range of genes, each of them once."""
        spans, first, stop = genes.spans, genes.first, genes.stop
        assert spans is not None, "a format of exact values knows the lengths of all genes"
        with self.chunks.batch() as chunks:
            if self.dense:
                spec = dense_array(self.path, self.shape, spans.dtype, shard=self.chunks.shard > 1)
                yield OpenDense(chunks, spec, first, stop)
                return
            arrays = sparse_arrays(self.path, self.shape, spans.n_values, spans.dtype)
            run = OpenSparse(chunks, arrays, spans, first, stop)
            if first == 0:
                run.receipts += _pointers(chunks, arrays.indptr, spans.indptr)
            yield run


def _pointers(chunks: ChunkWriter, spec: ArraySpec, indptr: npt.NDArray[np.int64]) -> list[Receipt]:
    step = spec.chunks[0]
    values = indptr.astype(spec.dtype)
    return [
        receipt
        for number, start in enumerate(range(0, len(values), step))
        for receipt in chunks.put(spec, (number,), values[start : start + step])
    ]
