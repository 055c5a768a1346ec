"""Interfaces through which a format receives genes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import GeneBand, GeneSpans
from karospace_stream.model.side_inputs import SideInputs

Gene = TypeVar("Gene")


@dataclass(frozen=True, slots=True)
class GeneRange:
    """The genes of one task.

    Attributes
    ----------
    first, stop
        Their positions in exported order: from ``first`` up to ``stop``.
    spans
        The number of values of every exported gene, counted if a format needs exact values; else None.
    side
        What the format needs beside the genes (`FormatCost.side`).
    """

    first: int
    stop: int
    spans: GeneSpans | None = None
    side: SideInputs = field(default_factory=SideInputs)


class OpenGenes(Protocol[Gene]):
    """Writes one range of genes as they arrive."""

    @property
    def needed(self) -> int:
        """Genes before this position are needed: the ``stop`` of the range, or a later one."""
        ...

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        """Take complete genes, and their positions in exported order."""
        ...

    def written(self) -> list[Gene]:
        """Results for the seal, once all genes have arrived."""
        ...


class GeneWriter(Protocol[Gene]):
    """One format as seen by the tasks that gather genes. Picklable.

    Implement `BandWriter` if every gene has files of its own. A format that stores all genes in one array,
    whose chunks may end anywhere, needs exact values, and reads past the end of its range.
    """

    def open(self, genes: GeneRange) -> AbstractContextManager[OpenGenes[Gene]]:
        """Write the objects that begin in a range of genes, each of them once."""
        ...


class ExportedFiles(Protocol):
    """The files of an export that is compared with its source."""

    def read(self, key: str) -> bytes:
        """Read an object; nothing if it is missing, which is a fault that was found before."""
        ...

    def read_range(self, key: str, start: int, stop: int) -> bytes:
        """Read some bytes; fewer, or none, if they are not there."""
        ...

    def report(self, key: str, what: str) -> None:
        """Record a fault."""
        ...

    def compared_object(self, key: str) -> Receipt:
        """Record that an object was compared; return what is listed of it."""
        ...


@runtime_checkable
class ComparesGenes(Protocol):
    """A `GeneWriter` with several genes in one object, which it compares one by one."""

    def compared_with(self, files: ExportedFiles) -> GeneWriter[Any]:
        """A writer that compares genes with those of an export, and writes nothing."""
        ...


class BandWriter(ABC, Generic[Gene]):
    """A `GeneWriter` for a format in which every gene has files of its own."""

    __slots__ = ()

    @abstractmethod
    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64], side: SideInputs) -> list[Gene]:
        """Write complete genes at their positions in exported order; return what the seal needs of each.

        Parameters
        ----------
        side
            What the format needs beside the genes.
        """

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[OpenGenes[Gene]]:
        """Write the genes of a range, band after band."""
        yield _OpenBands(self, genes.stop, genes.side)


@dataclass(slots=True)
class _OpenBands(Generic[Gene]):
    writer: BandWriter[Gene]
    needed: int
    side: SideInputs
    results: list[Gene] = field(default_factory=list)

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        self.results += self.writer.write_band(band, positions, self.side)

    def written(self) -> list[Gene]:
        return self.results
