"""Sum genes over groups, as one more writer beside those of the formats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.genes import clean_band
from karospace_stream.formats.genes.statistics.stored_sums import HELD_NBYTES, put_sums
from karospace_stream.formats.genes.writers import GeneRange
from karospace_stream.measures.autocorrelation import Weights, weights_of
from karospace_stream.measures.band import band_sums
from karospace_stream.measures.combined import combined_codes
from karospace_stream.measures.looks import CellGroups, Codes, cell_groups
from karospace_stream.measures.request import Grouping, StatisticsRequest
from karospace_stream.measures.sums import Sums, join
from karospace_stream.model.matrix import GeneBand
from karospace_stream.transpose.array_scratch import ArrayScratch, ArraysReceipt


@dataclass(frozen=True, slots=True)
class SumsWriter:
    """Sums complete genes, and writes the sums of one task to scratch.

    Attributes
    ----------
    wide
        Whether values stay as exact as they are in the source. Otherwise they are summed as a format stores
        them: as float32, unless these are whole numbers that it would round.
    """

    request: StatisticsRequest
    scratch: ArrayScratch
    wide: bool = False

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[_OpenSums]:
        """Sum the genes of a range."""
        groupings, graph = self.request.groupings, self.request.graph
        codes = [_codes_of(genes, each) for each in groupings]
        cells = cell_groups(codes, [each.n_groups for each in groupings])
        weights = None if graph is None else weights_of(genes.side.graphs[graph])
        yield _OpenSums(self, genes, cells, weights)


def _codes_of(genes: GeneRange, grouping: Grouping) -> Codes:
    parts = [genes.side.columns[name].values for name in grouping.columns]
    return combined_codes(parts, grouping.sizes, grouping.combinations) if grouping.parts else parts[0]


@dataclass(slots=True)
class _OpenSums:
    writer: SumsWriter
    genes: GeneRange
    cells: CellGroups
    weights: Weights | None
    summed: list[Sums] = field(default_factory=list)
    n_summed: int = 0
    receipts: list[ArraysReceipt] = field(default_factory=list)
    n_missing: int = 0
    n_clipped: int = 0

    @property
    def needed(self) -> int:
        return self.genes.stop

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        if not len(positions):
            return
        stays = band.data.dtype == np.float64 and self._is_wide
        data: npt.NDArray[Any] = band.data if stays else band.data.astype(np.float32, copy=False)
        cleaned, missing, clipped = clean_band(data, band.indptr, band.n_cells)
        self.n_missing += int(missing.sum())
        self.n_clipped += int(clipped.sum())
        cleaned_band, request = replace(band, data=cleaned), self.writer.request
        for sums in band_sums(cleaned_band, positions, self.cells, request, self.weights):
            self.summed.append(sums)
            self.n_summed += len(sums.genes)
            if self.n_summed * request.gene_nbytes > HELD_NBYTES:
                self._write()

    def written(self) -> list[ArraysReceipt]:
        if self.summed:
            self._write()
        if self.receipts:
            self.receipts[0] = replace(self.receipts[0], n_missing=self.n_missing, n_clipped=self.n_clipped)
        return self.receipts

    def _write(self) -> None:
        together = join(self.summed)
        self.summed.clear()
        self.n_summed = 0
        self.receipts.append(put_sums(self.writer.scratch, together))

    @property
    def _is_wide(self) -> bool:
        spans = self.genes.spans
        return self.writer.wide or spans is None or spans.dtype == "float64"
