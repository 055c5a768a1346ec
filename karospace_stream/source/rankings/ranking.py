"""One entry of uns like ``rank_genes_groups``: described, and read when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.model.catalog import RankingInfo
from karospace_stream.model.column import GeneShares, RankedNames
from karospace_stream.source.elements.columns import read_text
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.rankings.group_tables import GroupTable, numbers, texts

NAMES = "names"
#: Texts that stand for a gene that a filter has removed.
MISSING = frozenset({"", "nan"})
_PIECE = 1 << 18  # values that are read at once


@dataclass(frozen=True, slots=True)
class StoredRanking:
    """An entry, not yet read.

    Attributes
    ----------
    tables
        ``names``, and the columns that the file has.
    frames
        ``pts`` and ``pts_rest``, those that the file has.
    """

    info: RankingInfo
    tables: Mapping[str, GroupTable]
    frames: Mapping[str, Frame]

    def read(self) -> RankedNames:
        """All names and values.

        Raises
        ------
        BadInputError
            If they cannot be read, or are no names and numbers.
        """
        shape = (len(self.info.groups), self.info.n_ranks)
        known: dict[str, int] = {}
        codes = np.full(shape, -1, np.int32)
        step = max(1, _PIECE // max(1, shape[0]))
        values: dict[str, npt.NDArray[np.floating]] = {}
        for start in range(0, shape[1], step):
            stop = min(start + step, shape[1])
            for group, some in enumerate(self.tables[NAMES].read(start, stop)):
                codes[group, start : start + len(some)] = _coded(texts(some), known)
            for name in self.info.columns:
                for group, some in enumerate(self.tables[name].read(start, stop)):
                    found = _numbers(name, self.info.key, some)
                    column = _column(values, name, shape, found.dtype)
                    column[group, start : start + len(some)] = found
        return RankedNames(tuple(known), codes, values)

    def shares(self, name: str) -> GeneShares:
        """Values of ``pts`` or ``pts_rest``."""
        frame = self.frames[name]
        values = np.full((frame.n_rows, len(frame.columns)), np.nan)
        for at, column in enumerate(frame.columns):
            values[:, at] = _numbers(name, self.info.key, frame.read(column, 0, frame.n_rows).values)
        return GeneShares(read_text(frame.index, 0, frame.n_rows), tuple(frame.columns), values)


def _column(
    values: dict[str, npt.NDArray[np.floating]],
    name: str,
    shape: tuple[int, int],
    dtype: np.dtype[np.floating],
) -> npt.NDArray[np.floating]:
    """The array of a column; float64 if any group's values are."""
    if name not in values:
        values[name] = np.full(shape, np.nan, dtype)
    elif values[name].dtype == np.float32 and dtype == np.float64:
        values[name] = values[name].astype(np.float64)
    return values[name]


def _numbers(name: str, key: str, found: npt.NDArray[np.generic]) -> npt.NDArray[np.floating]:
    try:
        return numbers(found)
    except BadInputError as error:
        raise DamagedError(f"uns/{key}/{name}: {error}") from None


def _coded(names: npt.NDArray[np.object_], known: dict[str, int]) -> npt.NDArray[np.int32]:
    return np.array(
        [-1 if name in MISSING else known.setdefault(name, len(known)) for name in names.tolist()], np.int32
    )
