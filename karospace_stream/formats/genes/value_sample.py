"""A few values of a matrix, gene after gene, to see how well they compress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.encode.quantise import quantised, value_range
from karospace_stream.model.matrix import not_zero
from karospace_stream.model.size import Size

_FLOAT32_NBYTES = 4
#: What is written differs from a sample by so much, measured; see docs/design/size.md.
_AS_SAMPLED = (0.75, 1.33)


@dataclass(frozen=True, slots=True)
class ValueSample:
    """Some genes of some cells.

    Attributes
    ----------
    genes
        Genes x cells, C order, with their zeros.
    """

    genes: npt.NDArray[np.floating]

    def packed_genes(self, n_cells: int, n_genes: int, itemsize: int, level: int) -> Size:
        """All genes, each compressed with its zeros.

        Parameters
        ----------
        itemsize
            Bytes of a written value: 4 for float32, fewer if it is quantised.
        """
        encoded = [_encoded(gene, itemsize) for gene in self.genes.astype(np.float32)]
        together = len(gzip_bytes(b"".join(encoded), level))
        single = sum(len(gzip_bytes(each, level)) for each in encoded)
        overhead = max(0, single - together) / len(encoded)
        share = together / max(1, sum(map(len, encoded)))
        dense = share * itemsize * n_cells * n_genes
        return Size(_AS_SAMPLED[0] * dense, _AS_SAMPLED[1] * dense + overhead * n_genes)

    def packed_value(self, level: int, *, zeros: bool) -> Size:
        """A value of one array that holds those of all genes, compressed.

        Parameters
        ----------
        zeros
            Whether the zeros are stored too.
        """
        values = self.genes.reshape(-1)
        if not zeros:
            values = values[not_zero(values)]
        packed = len(gzip_bytes(np.ascontiguousarray(values).tobytes(), level))
        each = packed / max(1, values.size)
        return Size(_AS_SAMPLED[0] * each, _AS_SAMPLED[1] * each)


def _encoded(gene: npt.NDArray[np.float32], itemsize: int) -> bytes:
    if itemsize == _FLOAT32_NBYTES:
        return gene.tobytes()
    return quantised(gene, 8 if itemsize == 1 else 16, *value_range(gene)).tobytes()
