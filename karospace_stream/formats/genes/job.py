"""Input of every task that transposes the matrix. No data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from karospace_stream.formats.genes.side_plan import SidePlan
from karospace_stream.formats.genes.side_reading import read_side_inputs
from karospace_stream.formats.genes.writers import GeneWriter
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.side_inputs import SideInputs, SideNeeds
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.runtime.shared_values import shared_value
from karospace_stream.transpose.scratch import Scratch


@dataclass(frozen=True, slots=True)
class SideJob:
    """Side inputs: their source, and the token under which each process holds them."""

    token: str
    source: Source
    plan: SidePlan

    @contextmanager
    def held(self, selection: Selection) -> Iterator[SideInputs]:
        """The side inputs of all writers; the first task of a process reads them."""
        read = partial(read_side_inputs, self.source, selection, self.plan)
        with shared_value(self.token, read) as inputs:
            yield inputs


@dataclass(frozen=True, slots=True)
class MatrixJob:
    """The input of tasks that transpose the matrix, with a writer for each format.

    Attributes
    ----------
    needs
        Of each writer.
    side
        None if no writer needs anything beside the genes.
    """

    matrix: MatrixReader
    selection: Selection
    transpose: TransposePlan
    scratch: Scratch
    writers: tuple[GeneWriter[Any], ...]
    needs: tuple[SideNeeds, ...]
    side: SideJob | None = None

    @property
    def exact(self) -> bool:
        """Whether values stay unchanged, and gene lengths are counted."""
        return self.transpose.exact

    @contextmanager
    def side_inputs(self) -> Iterator[tuple[SideInputs, ...]]:
        """Yield the side inputs of each writer."""
        if self.side is None:
            yield tuple(SideInputs() for _ in self.writers)
            return
        with self.side.held(self.selection) as inputs:
            yield tuple(map(inputs.only, self.needs))
