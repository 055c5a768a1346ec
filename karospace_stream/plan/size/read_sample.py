"""Read a few values of a matrix to estimate the size of an export. Never fails, and reads little."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.formats.genes.value_sample import ValueSample
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader

_ROWS, _BLOCKS, _BLOCK_VALUES = 128, 4, 1 << 18
_GENES, _GENE_VALUES = 48, 1 << 21
_LARGEST_CHUNK = 1 << 22  # values; one chunk is the least that can be read


def read_sample(reader: MatrixReader, selection: Selection) -> ValueSample | None:
    """Some of the chosen genes in some of the cells; None if they cannot be read cheaply.

    A lazy matrix is never computed for this.
    """
    info = reader.info
    genes = selection.genes[np.linspace(0, len(selection.genes) - 1, _GENES).astype(np.intp)]
    if reader.lazy() is not None or info.chunk_values > _LARGEST_CHUNK or not info.shape[0]:
        return None
    try:
        read = _whole_genes if info.gene_major else _rows
        values = read(reader, np.unique(genes))
    except Exception:  # the run says what is damaged
        return None
    return ValueSample(values) if values.size else None


def _whole_genes(reader: MatrixReader, genes: npt.NDArray[np.int64]) -> npt.NDArray[np.floating]:
    n_cells = reader.info.shape[0]
    few = max(1, min(len(genes), _GENE_VALUES // n_cells))
    made = np.zeros((few, n_cells), _float(reader.info.dtype))
    for gene, position in zip(made, genes[:: -(-len(genes) // few)].tolist(), strict=False):
        band = reader.read_genes(position, position + 1)
        gene[band.rows] = band.data
    return made


def _rows(reader: MatrixReader, genes: npt.NDArray[np.int64]) -> npt.NDArray[np.floating]:
    n_cells, n_genes = reader.info.shape
    n_rows = max(1, min(_ROWS, _BLOCK_VALUES // max(1, _values_in_a_row(reader)), n_cells))
    starts = np.unique(np.linspace(0, n_cells - n_rows, _BLOCKS).astype(np.int64))
    blocks = [_dense(reader, int(start), int(start) + n_rows, n_genes)[:, genes] for start in starts]
    return np.ascontiguousarray(np.concatenate(blocks).T, dtype=_float(reader.info.dtype))


def _values_in_a_row(reader: MatrixReader) -> int:
    info = reader.info
    return info.shape[1] if info.nnz is None else -(-info.nnz // max(1, info.shape[0]))


def _dense(reader: MatrixReader, start: int, stop: int, n_genes: int) -> npt.NDArray[np.generic]:
    block = reader.read_rows(start, stop)
    if isinstance(block, DenseBlock):
        return block.data
    made = sparse.csr_array((block.data, block.indices, block.indptr), shape=(stop - start, n_genes))
    return np.asarray(made.toarray())


def _float(dtype: str) -> str:
    """Integers and halves are widened; float64 stays, for formats that keep it."""
    return "float64" if np.dtype(dtype) == np.float64 else "float32"
