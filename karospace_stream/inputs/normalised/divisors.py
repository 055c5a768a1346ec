"""The divisors of all cells: in scratch once they are counted, made up until then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karospace_stream.inputs.normalised.change import Floats
from karospace_stream.model.source import ScratchFiles

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class StoredDivisors:
    """A file of scratch, read by range."""

    files: ScratchFiles
    key: str
    dtype: str

    def read(self, start: int, stop: int) -> Floats:
        """Those of some cells."""
        item = np.dtype(self.dtype).itemsize
        (data,) = self.files.read_ranges([(self.key, start * item, stop * item)])
        return np.frombuffer(data, self.dtype)


@dataclass(frozen=True, slots=True)
class GuessedDivisors:
    """Stand-ins that differ from cell to cell as real ones do, so that sizes can be estimated.

    Attributes
    ----------
    mean
        Of the divisors.
    """

    mean: float
    dtype: str

    def read(self, start: int, stop: int) -> Floats:
        """Those of some cells: between half and one and a half of the mean, the same each time."""
        share = np.arange(start, stop) * _GOLDEN % 1 + 0.5
        return (share * self.mean).astype(self.dtype)
