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
    """One format, as the tasks that gather genes see it. Picklable."""

    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[Any]:
        """Write whole genes at their places in the exported order; what the seal needs of each."""
        ...


class OpenMatrix(Protocol):
    """Writes what begins in one range of genes, as they come."""

    @property
    def needed(self) -> int:
        """Position behind the last gene that is wanted: at the end of the range or behind it."""
        ...

    def add(self, band: GeneBand) -> None:
        """Take the next genes; ``band.start`` is their position in exported order."""
        ...

    def written(self) -> list[Any]:
        """What the seal needs to know, when all genes have come."""
        ...


@runtime_checkable
class MatrixWriter(Protocol):
    """One format that keeps all genes in one array, whose chunks end anywhere. Picklable."""

    def open(self, spans: GeneSpans, first: int, behind: int) -> AbstractContextManager[OpenMatrix]:
        """Write the chunks that begin in the genes ``first`` to ``behind``, each of them once."""
        ...


@dataclass(frozen=True, slots=True)
class MatrixJob:
    """Where to read, what to take, how to turn it, and who writes it."""

    matrix: MatrixReader
    selection: Selection
    transpose: TransposePlan
    scratch: Scratch
    writers: tuple[BandWriter | MatrixWriter, ...]

    @property
    def exact(self) -> bool:
        """Whether values are kept as they are, and the lengths of genes are counted."""
        return self.transpose.exact
