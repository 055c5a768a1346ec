"""The tree of a gene with more transcripts than memory takes: divided by space as they stream by.

A sieve has the upper nodes of a tree. Each node keeps the points with the lowest priorities of those that
reach it, and passes the others on. So, when all have passed, it holds what it would if all had been in
memory. What falls through waits in scratch, square by square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from karospace_stream.formats.karospace.tissue.transcripts.tree import (
    CAPACITY,
    DEEPEST,
    Node,
    Points,
    Square,
    grow,
    joined,
    node_of,
    nodes_of,
)
from karospace_stream.storage import Headers, Store

#: Bytes of a point in scratch.
SPILLED_NBYTES = 24


@dataclass(frozen=True, slots=True)
class Spill:
    """Where points wait, for one gene.

    Attributes
    ----------
    limit
        Points that are in memory at the same time, about.
    """

    store: Store
    name: str
    limit: int

    def put(self, square: Square, number: int, points: Points) -> str:
        """Write some points; returns their key."""
        key = f"{self.name}_{square.depth}_{square.column}_{square.row}_{number}"
        data = points.u.tobytes() + points.v.tobytes() + points.priority.tobytes()
        self.store.put(key, data, Headers())
        return key

    def get(self, key: str) -> Points:
        """Read points back."""
        data = self.store.read(key)
        n = len(data) // SPILLED_NBYTES
        u, v = (np.frombuffer(data, np.float64, n, offset) for offset in (0, 8 * n))
        return Points(u, v, np.frombuffer(data, np.uint64, n, 16 * n))


def all_nodes(chunks: Iterable[Points], n: int, square: Square, spill: Spill) -> Iterator[Node]:
    """All nodes of a square and of those in it, however many points there are.

    Parameters
    ----------
    chunks
        The points, some at a time.
    n
        How many there are.
    """
    if n <= spill.limit:
        yield from grow(joined(list(chunks)), square)
    elif square.depth >= DEEPEST:
        for chunk in chunks:
            yield from nodes_of(square, chunk)
    else:
        sieve = _Sieve(square, _levels(n, spill.limit, square.depth), spill)
        for chunk in chunks:
            sieve.add(chunk)
        yield from sieve.finish()


def _levels(n: int, limit: int, depth: int) -> int:
    """Levels of a sieve below which about half of what memory takes is in each square."""
    enough = next((levels for levels in (1, 2) if n / 4**levels <= limit / 2), 3)
    return min(enough, DEEPEST - depth)


@dataclass(slots=True)
class _Fallen:
    """Points that fell through to one square."""

    n: int = 0
    held: list[Points] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def read(self, spill: Spill) -> Iterator[Points]:
        for key in self.keys:
            points = spill.get(key)
            spill.store.delete([key])
            yield points
        yield from self.held


class _Sieve:
    def __init__(self, root: Square, levels: int, spill: Spill) -> None:
        self._root, self._spill = root, spill
        self._end = root.depth + levels
        self._nodes: dict[Square, Points] = {}
        self._fallen: dict[Square, _Fallen] = defaultdict(_Fallen)
        self._n_held = 0

    def add(self, points: Points) -> None:
        """Pass some points through."""
        waiting = [(self._root, points)]
        while waiting:
            square, arriving = waiting.pop()
            if square.depth == self._end:
                self._fall(square, arriving)
                continue
            rest = self._keep(square, arriving)
            if rest is not None:
                quarters = rest.quarters(square.depth)
                several = ((number, rest.take(quarters == number)) for number in range(4))
                waiting += [(square.quarter(number), part) for number, part in several if len(part)]

    def _keep(self, square: Square, arriving: Points) -> Points | None:
        """Keep the lowest priorities; returns the others."""
        held = self._nodes.get(square)
        every = arriving if held is None else joined([held, arriving])
        if len(every) <= CAPACITY:
            self._nodes[square] = every
            return None
        order = np.argpartition(every.priority, CAPACITY - 1)
        self._nodes[square] = every.take(order[:CAPACITY])
        return every.take(order[CAPACITY:])

    def _fall(self, square: Square, points: Points) -> None:
        fallen = self._fallen[square]
        fallen.held.append(points)
        fallen.n += len(points)
        self._n_held += len(points)
        if self._n_held > self._spill.limit:
            self._spill_all()

    def _spill_all(self) -> None:
        for square, fallen in self._fallen.items():
            if fallen.held:
                fallen.keys.append(self._spill.put(square, len(fallen.keys), joined(fallen.held)))
                fallen.held.clear()
        self._n_held = 0

    def finish(self) -> Iterator[Node]:
        """The nodes of the sieve, then those below it."""
        for square, points in sorted(self._nodes.items(), key=_place):
            yield node_of(square, points)
        self._nodes.clear()
        if any(fallen.n > self._spill.limit for fallen in self._fallen.values()):
            self._spill_all()
        for square, fallen in sorted(self._fallen.items(), key=_place):
            yield from all_nodes(fallen.read(self._spill), fallen.n, square, self._spill)
            fallen.held.clear()


def _place(item: tuple[Square, object]) -> tuple[int, int, int]:
    square = item[0]
    return square.depth, square.row, square.column
