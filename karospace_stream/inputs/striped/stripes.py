"""How the rows of a matrix are cut, and what is known of each of its pieces in scratch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Values of one stripe, about: the smallest part that can be read.
STRIPE_VALUES = 1 << 19
_MOST_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class Stripes:
    """Cuts the rows of a matrix into stripes of equal height; only the last may have fewer rows.

    Attributes
    ----------
    dtype
        Of the values.
    """

    n_rows: int
    n_columns: int
    height: int
    dtype: str

    @classmethod
    def of(cls, shape: tuple[int, int], dtype: str, n_values: int) -> Stripes:
        """Choose a height, from the number of stored values."""
        fitting = STRIPE_VALUES * shape[0] // max(1, n_values)
        height = 1 << max(0, min(fitting, _MOST_ROWS).bit_length() - 1)
        return cls(*shape, height, dtype)

    @property
    def index_dtype(self) -> str:
        """Type of the column numbers."""
        return "<i4" if self.n_columns <= np.iinfo(np.int32).max else "<i8"

    @property
    def value_nbytes(self) -> int:
        """Bytes of one value and its column number."""
        return np.dtype(self.dtype).itemsize + np.dtype(self.index_dtype).itemsize

    def rows(self, stripe: int) -> tuple[int, int]:
        """The first row of a stripe, and the one after its last."""
        return stripe * self.height, min(self.n_rows, (stripe + 1) * self.height)

    def touched(self, start: int, stop: int) -> range:
        """The stripes that hold some rows."""
        return range(start // self.height, -(-stop // self.height)) if start < stop else range(0)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some entries of the matrix, in one file of scratch.

    The file begins with a Blosc frame for each stripe: how many values each of its rows has. The column
    numbers and the values follow, two frames for each stripe.

    Attributes
    ----------
    first
        Its first stripe.
    counts, entries
        int64, one longer than the number of its stripes: where their frames begin in the file.
    """

    key: str
    first: int
    counts: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]
    n_values: int

    def within(self, stripes: range) -> range:
        """Those of some stripes that the piece has."""
        last = self.first + len(self.counts) - 1
        return range(max(stripes.start, self.first), max(stripes.start, self.first, min(stripes.stop, last)))

    def counts_range(self, stripes: range) -> tuple[str, int, int]:
        """Where the numbers of values of some of its stripes lie."""
        return self._range(self.counts, stripes)

    def entries_range(self, stripes: range) -> tuple[str, int, int]:
        """Where the entries of some of its stripes lie."""
        return self._range(self.entries, stripes)

    def _range(self, begins: npt.NDArray[np.int64], stripes: range) -> tuple[str, int, int]:
        return self.key, int(begins[stripes.start - self.first]), int(begins[stripes.stop - self.first])
