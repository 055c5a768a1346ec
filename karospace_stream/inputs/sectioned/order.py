"""The order of cells: section after section, those of one section as in the input.

The rows are kept once in each process, as 4 bytes a cell. They are not sent to other processes, which read
the column of the sections again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from threading import Lock

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.model.cell_sections import GroupName
from karospace_stream.select.natural import natural_key
from karospace_stream.source.elements.columns import Element

TILE = 65_536
#: Bytes a cell of the order and its inverse.
HELD_NBYTES = 8
#: Section numbers are held as two bytes while the order is found.
MOST_SECTIONS = 10_000

Rows = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16]


class TooManyError(Exception):
    """The column has more groups than sections can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The sections of a column.

    Attributes
    ----------
    names
        In natural order; None for cells without a section, last.
    starts
        The first cell of each, in their order, and the number of cells.
    codes
        The number of each cell's section.
    """

    names: tuple[GroupName, ...]
    starts: tuple[int, ...]
    codes: Codes

    @property
    def n_groups(self) -> int:
        """Sections, without that of the cells that have none."""
        return sum(name is not None for name in self.names)

    @property
    def is_sorted(self) -> bool:
        """Whether the input has its cells in this order already."""
        return not (self.codes[1:] < self.codes[:-1]).any()

    @property
    def n_runs(self) -> int:
        """Ranges of rows that are of one section."""
        return 1 + int(np.count_nonzero(self.codes[1:] != self.codes[:-1])) if len(self.codes) else 0


def count_sections(column: Element, most: int = MOST_SECTIONS) -> Counted:
    """Read the column, a tile at a time.

    Raises
    ------
    TooManyError
        If it has more than ``most`` groups.
    """
    known: dict[GroupName, int] = {}
    codes = np.empty(column.n_rows, np.uint16)
    for start, stop in _tiles(column.n_rows):
        names, own = labels_of(column.read("", start, stop))
        numbers = np.zeros(len(names), np.uint16)
        for code in np.unique(own).tolist():
            numbers[code] = known.setdefault(names[code], len(known))
        if len(known) > most:
            raise TooManyError
        codes[start:stop] = numbers[own]
    named = sorted((name for name in known if name is not None), key=natural_key)
    ordered: list[GroupName] = [*named, *([None] if None in known else [])]
    ranks = np.zeros(max(1, len(known)), np.uint16)
    for rank, name in enumerate(ordered):
        ranks[known[name]] = rank
    codes = ranks[codes]
    counts = np.bincount(codes, minlength=len(ordered))
    return Counted(tuple(ordered), (0, *np.cumsum(counts).tolist()), codes)


@dataclass(frozen=True, slots=True, eq=False)
class SectionOrder:
    """Which row of the input each cell is.

    Attributes
    ----------
    column
        The column of the sections, as the input has it.
    digest
        Of the order: the key under which it is kept.
    n_runs
        Ranges of successive rows of one section.
    """

    column: Element
    n_cells: int
    digest: str
    n_runs: int

    @classmethod
    def of(cls, column: Element, counted: Counted) -> SectionOrder:
        """The order by a column that has been read."""
        digest = blake2b(counted.codes.tobytes(), digest_size=16).hexdigest()
        _ORDERS.keep(digest, _taken(counted))
        return cls(column, column.n_rows, digest, counted.n_runs)

    def rows(self, start: int, stop: int) -> Rows:
        """The row of the input of some cells."""
        return self._held().taken[start:stop]

    def cells(self) -> Rows:
        """The cell of each row of the input."""
        return self._held().inverse()

    def runs(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Some cells as ranges of rows, in their order."""
        rows = self.rows(start, stop)
        if not len(rows):
            return
        ends = np.flatnonzero(rows[1:] != rows[:-1] + np.uint32(1)) + 1
        for first, end in pairwise([0, *ends.tolist(), len(rows)]):
            yield int(rows[first]), int(rows[first]) + end - first

    def _held(self) -> _Held:
        found = _ORDERS.find(self.digest)
        return _ORDERS.keep(self.digest, _taken(count_sections(self.column))) if found is None else found


def _taken(counted: Counted) -> Rows:
    taken = np.empty(len(counted.codes), np.uint32)
    ends = np.asarray(counted.starts[:-1], np.int64).copy()
    for start, stop in _tiles(len(taken)):
        codes = counted.codes[start:stop]
        rows = np.argsort(codes, kind="stable")
        counts = np.bincount(codes, minlength=len(ends))
        for section in np.flatnonzero(counts).tolist():
            some, rows = rows[: counts[section]], rows[counts[section] :]
            taken[ends[section] : ends[section] + len(some)] = some + start
            ends[section] += len(some)
    return taken


def _tiles(n_rows: int) -> Iterator[tuple[int, int]]:
    return pairwise([*range(0, n_rows, TILE), n_rows])


class _Held:
    """An order in the memory of this process."""

    def __init__(self, taken: Rows) -> None:
        self.taken = taken
        self._cells: Rows | None = None
        self._lock = Lock()

    def inverse(self) -> Rows:
        """The cell of each row; made when it is needed first."""
        with self._lock:
            if self._cells is None:
                cells = np.empty_like(self.taken)
                cells[self.taken] = np.arange(len(cells), dtype=np.uint32)
                self._cells = cells
            return self._cells


class _Orders:
    """The orders that were used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = Lock()

    def find(self, digest: str) -> _Held | None:
        """One of them."""
        with self._lock:
            found = self._held.get(digest)
            if found is not None:
                self._held.move_to_end(digest)
            return found

    def keep(self, digest: str, taken: Rows) -> _Held:
        """Keep one more; that of another thread stays."""
        with self._lock:
            held = self._held.setdefault(digest, _Held(taken))
            self._held.move_to_end(digest)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return held


_ORDERS = _Orders(2)
