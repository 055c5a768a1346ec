"""Sum genes over groups, as one more writer beside those of the formats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.genes import clean_band
from karospace_stream.formats.genes.statistics.scratch import SumsReceipt, SumsScratch
from karospace_stream.formats.genes.writers import GeneRange
from karospace_stream.measures.band import band_sums
from karospace_stream.measures.rank_sums import Codes
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.measures.sums import Sums, cells_of_groups, join
from karospace_stream.model.matrix import GeneBand


@dataclass(frozen=True, slots=True)
class SumsWriter:
    """Sums complete genes, and writes the sums of one task to scratch."""

    request: StatisticsRequest
    scratch: SumsScratch

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[_OpenSums]:
        """Sum the genes of a range."""
        columns = [genes.side.columns[each.column] for each in self.request.groupings]
        pairs = zip(columns, self.request.groupings, strict=True)
        sizes = [cells_of_groups(column.values, grouping.n_groups) for column, grouping in pairs]
        yield _OpenSums(self, genes, [column.values for column in columns], sizes)


@dataclass(slots=True)
class _OpenSums:
    writer: SumsWriter
    genes: GeneRange
    codes: list[Codes]
    sizes: list[npt.NDArray[np.int64]]
    summed: list[Sums] = field(default_factory=list)

    @property
    def needed(self) -> int:
        return self.genes.stop

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        if not len(positions):
            return
        wide = band.data.dtype == np.float64
        data: npt.NDArray[Any] = band.data if wide else band.data.astype(np.float32, copy=False)
        cleaned, _, _ = clean_band(data, band.indptr, band.n_cells)
        self.summed.append(
            band_sums(replace(band, data=cleaned), positions, self.codes, self.sizes, self.writer.request)
        )

    def written(self) -> list[SumsReceipt]:
        return [self.writer.scratch.write(self.genes.first, join(self.summed))] if self.summed else []
