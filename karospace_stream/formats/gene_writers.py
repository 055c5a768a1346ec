"""Input of every task that transposes the matrix. No data."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from karospace_stream.model.matrix import GeneBand, GeneSpans
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader
from karospace_stream.transpose.scratch import Scratch


class BandWriter(Protocol):
    """One format as seen by the tasks that gather genes. Picklable."""

    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[Any]:
        """Write complete genes at their positions in exported order; return what the seal needs of each."""
        ...


class OpenMatrix(Protocol):
    """Writes the objects that begin in one range of genes, as genes arrive."""

    @property
    def needed(self) -> int:
        """Position behind the last needed gene: at the end of the range or behind it."""
        ...

    def add(self, band: GeneBand) -> None:
        """Take the next genes; ``band.start`` is their position in exported order."""
        ...

    def written(self) -> list[Any]:
        """Result for the seal, once all genes have arrived."""
        ...


@runtime_checkable
class MatrixWriter(Protocol):
    """One format that stores all genes in one array, whose chunks may end anywhere. Picklable."""

    def open(self, spans: GeneSpans, first: int, stop: int) -> AbstractContextManager[OpenMatrix]:
        """Write the chunks that begin in the genes ``first`` to ``stop``, each of them once."""
        ...


@dataclass(frozen=True, slots=True)
class MatrixJob:
    """Where to read, what to export, how to transpose it, and the writers."""

    matrix: MatrixReader
    selection: Selection
    transpose: TransposePlan
    scratch: Scratch
    writers: tuple[BandWriter | MatrixWriter, ...]

    @property
    def exact(self) -> bool:
        """Whether values stay unchanged, and gene lengths are counted."""
        return self.transpose.exact
