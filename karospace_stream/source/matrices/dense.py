"""Dense matrices: one array, read by rows or, where its chunks are tall, by genes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, GeneBand, not_zero
from karospace_stream.source.elements.arrays import StoredArray

_BAND_GENES = 64  # the smallest band of any plan, if the matrix has as many genes
_TALL_NBYTES = 64 << 10  # smaller chunks are bound by the number of reads, not by their bytes


@dataclass(frozen=True, slots=True)
class DenseReader:
    """A dense matrix of cells x genes."""

    info: MatrixInfo
    values: StoredArray

    def count_before(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Values before each row: arithmetic, as all are stored."""
        return lines.astype(np.int64) * self.info.shape[1]

    def read_rows(self, start: int, stop: int) -> DenseBlock:
        """Read complete rows."""
        return DenseBlock(start, self.values.read(slice(start, stop)))

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Read complete genes, without zeros but with NaN and negative zeros.

        Needs the dense rectangle and the band at the same time.
        """
        assert self.info.gene_major, "genes of a matrix chunked in rows cannot be read"
        rectangle = self.values.read(slice(0, self.info.shape[0]), slice(start, stop))
        index_dtype = np.int32 if self.info.shape[0] <= np.iinfo(np.int32).max else np.int64
        rows = [
            np.flatnonzero(not_zero(rectangle[:, gene])).astype(index_dtype) for gene in range(stop - start)
        ]
        indptr = np.zeros(stop - start + 1, np.int64)
        np.cumsum([len(found) for found in rows], out=indptr[1:])
        data = np.empty(indptr[-1], rectangle.dtype)
        for gene, found in enumerate(rows):
            data[indptr[gene] : indptr[gene + 1]] = rectangle[found, gene]
        del rectangle
        return GeneBand(
            start, self.info.shape[0], indptr, np.concatenate([*rows, np.empty(0, index_dtype)]), data
        )

    def lazy(self) -> Any | None:
        """None, since this is not a Dask array."""
        return None


def is_tall(shape: tuple[int, int], chunks: tuple[int, ...] | None, itemsize: int) -> bool:
    """Whether genes can be read without reading much else.

    A band of `_BAND_GENES` genes, wherever it begins, must cost at most twice its bytes: it
    touches up to ``2 * (chunk width - 1)`` genes more. And the chunks of one gene must be few:
    each as high as the matrix, or at least `_TALL_NBYTES` large and much higher than wide.
    """
    if shape[1] == 1:
        return True
    if chunks is None:
        return False
    height, width = chunks
    narrow = 2 * (width - 1) <= min(_BAND_GENES, shape[1] // 2)
    tall = height >= shape[0] or (height >= 64 * width and height * width * itemsize >= _TALL_NBYTES)
    return narrow and tall
