"""A few values of a matrix, gene after gene, to see how well they compress."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.encode.packed_share import packed_share
from karospace_stream.encode.quantise import quantised, value_range
from karospace_stream.model.matrix import not_zero
from karospace_stream.model.size import Size

_FLOAT32_NBYTES = 4
_FILES = 32  # compressed one by one
_LEAST_FILE = 18  # bytes of a gzip member besides its data
#: How far the compressed values of an export are from those of a sample, measured; see docs/design/size.md.
_AS_SAMPLED = Size(0.78, 1.25)
_STILL_FOUND = 1.9  # times the least, where a compressor finds values of other genes again
_WINDOW_NBYTES = 1 << 15  # so far it looks back
_QUANTISED = Size(0.8, 1)  # some of all cells have larger values, so that codes differ less

Values = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class GeneSample:
    """Some of the exported genes in some cells.

    Attributes
    ----------
    values
        Genes x cells, C order, zeros included; at least one value is not zero.
    apart
        The same, where no gene has the values of another: among all cells, a compressor finds fewer of them
        again than in these.
    fullness
        Values of an exported gene, as many times as those of any gene of the matrix.
    """

    values: Values
    apart: Values
    fullness: Size

    @property
    def n_values(self) -> int:
        """Values that are not zero."""
        return int(np.count_nonzero(not_zero(self.values)))

    def packed_with_zeros(self, itemsize: int, level: int) -> tuple[Size, float]:
        """Bytes of genes that are compressed with their zeros, each in a file of its own.

        Parameters
        ----------
        itemsize
            Bytes of a written value: 4 for float32, fewer if it is quantised.

        Returns
        -------
        Bytes for each value that is not zero, and for each file besides.
        """
        genes = _encoded(self.values, itemsize)
        each = self._range(lambda values: packed_share(b"".join(_encoded(values, itemsize)), level))
        if itemsize < _FLOAT32_NBYTES:
            each *= _QUANTISED
        some = genes[:: -(-len(genes) // _FILES)]
        single = sum(len(gzip_bytes(gene, level)) for gene in some) / len(some)
        about = single - math.sqrt(each.low * each.high) * len(genes[0])
        return each * (itemsize * self.values.size / self.n_values), max(_LEAST_FILE, about)

    def packed_values(self, level: int, n_between: float) -> Size:
        """Bytes of each value of one array that holds those of all genes without zeros, compressed.

        Parameters
        ----------
        n_between
            Values from those of one gene to those of the next.
        """
        each = self._range(lambda values: _together(values[not_zero(values)], level))
        if n_between * self.values.itemsize > _WINDOW_NBYTES:
            return each
        return Size(each.low, min(each.high, _STILL_FOUND * each.low))

    def packed_side_by_side(self, level: int) -> Size:
        """Bytes of each value of one array that holds all genes of one cell after another, compressed."""
        return _AS_SAMPLED * _together(self.values.T.reshape(-1), level)

    def packed_cell_number(self, level: int, n_cells: int) -> Size:
        """Bytes of the number of the cell of each value, where zeros are not stored; shuffled."""
        numbers = np.flatnonzero(not_zero(self.values.reshape(-1))) % n_cells
        places = np.ascontiguousarray(numbers.astype(np.int32).view(np.uint8).reshape(-1, 4).T)
        return _AS_SAMPLED * sum(packed_share(place.tobytes(), level) for place in places)

    def _range(self, packed: Callable[[Values], float]) -> Size:
        low = packed(self.values)
        high = low if self.apart is self.values else packed(self.apart)
        return _AS_SAMPLED * Size(min(low, high), max(low, high))


def _together(values: Values, level: int) -> float:
    return packed_share(values.tobytes(), level) * values.itemsize


def _encoded(values: Values, itemsize: int) -> list[bytes]:
    with np.errstate(over="ignore"):
        genes = values.astype(np.float32, copy=False)
    if itemsize == _FLOAT32_NBYTES:
        return [gene.tobytes() for gene in genes]
    return [quantised(gene, 8 if itemsize == 1 else 16, *value_range(gene)).tobytes() for gene in genes]
