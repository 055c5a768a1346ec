"""The interface of a table of transcripts, wherever it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

#: Rows that are read at a time.
BATCH_ROWS = 1 << 16
#: Transcripts of a lower quality are left out, as the programs of the instrument do.
LEAST_QUALITY = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class TranscriptBatch:
    """Some transcripts, in the coordinates of the cells.

    Attributes
    ----------
    x, y
        Finite.
    codes
        The gene of each: its number among ``names``.
    n_poor
        Rows that were left out because their quality is too low.
    n_incomplete
        Rows that were left out because they have no gene or no coordinates.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]
    n_poor: int = 0
    n_incomplete: int = 0


class TranscriptTable(Protocol):
    """A table of transcripts. Picklable; holds nothing open."""

    @property
    def where(self) -> str:
        """For messages."""
        ...

    @property
    def most_rows(self) -> int:
        """Number of rows, or an upper limit of it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when a file of it does."""
        ...

    def pieces(self, n_rows: int) -> Sequence[Any]:
        """Independent parts to read, of about so many rows."""
        ...

    def read(self, piece: Any) -> Iterator[TranscriptBatch]:
        """The transcripts of one part.

        Raises
        ------
        BadInputError
            If it is damaged.
        """
        ...
