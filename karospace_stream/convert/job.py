"""What every task that turns the matrix is given. No data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.model.matrix import GeneBand
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.source.protocol import MatrixReader
from karospace_stream.transpose.scratch import Scratch


class BandWriter(Protocol):
    """One format, as the tasks that gather genes see it. Picklable."""

    def write_band(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> list[Any]:
        """Write whole genes at their places in the exported order; what the seal needs of each."""
        ...


@dataclass(frozen=True, slots=True)
class MatrixJob:
    """Where to read, what to take, how to turn it, and who writes it."""

    matrix: MatrixReader
    selection: Selection
    transpose: TransposePlan
    scratch: Scratch
    writers: tuple[BandWriter, ...]
