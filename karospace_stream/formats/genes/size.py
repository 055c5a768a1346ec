"""Size of the exported genes: what is known of their values, and a range for what gets compressed."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.size import Size

# Measured, see docs/design/size.md. Where no sample could be read: bytes of a value that is not zero, by the
# bytes of a written value, if genes are compressed with their zeros.
_PACKED = {1: Size(0.35, 2.7), 2: Size(0.6, 4.2), 4: Size(0.9, 5.9)}
_UNSEEN_DENSE = Size(0.02, 1)  # values that are not zero
_UNSEEN_GENES = Size(0.3, 4)  # values of a chosen gene, as many times as those of any gene
_MOST_PACKED, _LEAST_PACKED = 1.01, 0.001  # of any data
_FILE = Size(18, 120)  # of a compressed file, besides its values


@dataclass(frozen=True, slots=True)
class ExportedValues:
    """The part of a matrix that is exported.

    Attributes
    ----------
    info
        The matrix.
    n_cells, n_genes
        Of the export.
    expected
        Stored values, if the exported genes are as full as any.
    sample
        A few of the values, or None if they cannot be read cheaply.
    """

    info: MatrixInfo
    n_cells: int
    n_genes: int
    expected: float
    sample: GeneSample | None

    @property
    def n_with_zeros(self) -> int:
        """All values."""
        return self.n_cells * self.n_genes

    @property
    def n_stored(self) -> Size:
        """Values that the matrix stores; of a dense matrix, those that are not zero."""
        size = Size.exactly(self.expected) * self._fullness
        return Size(min(size.low, self.n_with_zeros), min(size.high, self.n_with_zeros))

    @property
    def _fullness(self) -> Size:
        if self.sample is not None:
            return self.sample.fullness
        if self.info.layout == "dense":
            return _UNSEEN_DENSE
        whole = self.info.gene_major or self.n_genes == self.info.shape[1]
        return Size.exactly(1) if whole else _UNSEEN_GENES


def genes_in_files(values: ExportedValues, itemsize: int, level: int | None) -> Size:
    """Files of genes with their zeros.

    Parameters
    ----------
    itemsize
        Bytes of a written value.
    level
        Of gzip; None without.
    """
    dense = itemsize * values.n_with_zeros
    if level is None:
        return Size.exactly(dense)
    each, about = _PACKED[itemsize], _FILE
    if values.sample is not None:
        each, least = values.sample.packed_with_zeros(itemsize, level)
        about = Size(least, max(least, _FILE.high))
    packed = each * values.n_stored
    low, high = max(packed.low, _LEAST_PACKED * dense), max(packed.high, _LEAST_PACKED * dense)
    return Size(min(low, dense), min(high, _MOST_PACKED * dense)) + about * values.n_genes
