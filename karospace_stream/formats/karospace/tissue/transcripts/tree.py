"""The tree of one gene: each node holds a random sample of its square that no node above holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Points of a node, at most.
CAPACITY = 8192
#: Squares are not divided further: several nodes may then have the same one.
DEEPEST = 24
_STEPS = 65_535

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the tree, whose root goes from 0 to 1."""

    depth: int = 0
    column: int = 0
    row: int = 0

    def quarter(self, number: int) -> Square:
        """One of its quarters: 0 to 3, row by row."""
        return Square(self.depth + 1, 2 * self.column + number % 2, 2 * self.row + number // 2)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of a gene in the root square, and the priority of each: the lowest are drawn first."""

    u: Float
    v: Float
    priority: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.u)

    def take(self, chosen: npt.NDArray[np.generic] | slice) -> Points:
        """Some of them."""
        return Points(self.u[chosen], self.v[chosen], self.priority[chosen])

    def quarters(self, depth: int) -> npt.NDArray[np.int8]:
        """In which quarter of its square at a depth each point is."""
        scale = float(1 << (depth + 1))
        right, down = (np.floor(values * scale).astype(np.int64) & 1 for values in (self.u, self.v))
        return (2 * down + right).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node: its square, and the bytes of its points before compression."""

    square: Square
    n: int
    data: bytes


def joined(several: list[Points]) -> Points:
    """Points of several pieces."""
    if len(several) == 1:
        return several[0]
    u, v, priority = zip(*((each.u, each.v, each.priority) for each in several), strict=True)
    return Points(np.concatenate(u), np.concatenate(v), np.concatenate(priority))


def grow(points: Points, root: Square) -> Iterator[Node]:
    """All nodes of a square and of those in it, for points that are in memory."""
    waiting = [(root, points.take(np.argsort(points.priority, kind="stable")))]
    del points
    while waiting:
        square, inside = waiting.pop()
        if square.depth >= DEEPEST:
            yield from nodes_of(square, inside)
            continue
        yield node_of(square, inside.take(slice(CAPACITY)))
        if len(inside) > CAPACITY:
            rest = inside.take(slice(CAPACITY, None))
            del inside
            quarters = rest.quarters(square.depth)
            several = ((number, rest.take(quarters == number)) for number in (3, 2, 1, 0))
            waiting += [(square.quarter(number), part) for number, part in several if len(part)]


def nodes_of(square: Square, points: Points) -> Iterator[Node]:
    """As many nodes of one square as its points need."""
    for start in range(0, len(points), CAPACITY):
        yield node_of(square, points.take(slice(start, start + CAPACITY)))


def node_of(square: Square, points: Points) -> Node:
    """A node of some points, sorted by place, which compresses better."""
    x, y = (_quantised(values, square.depth) for values in (points.u, points.v))
    order = np.lexsort((y, x))
    return Node(square, len(x), x[order].tobytes() + y[order].tobytes())


def _quantised(values: Float, depth: int) -> npt.NDArray[np.uint16]:
    """Steps from the first corner of the square."""
    inside = (values * float(1 << depth)) % 1.0
    return np.rint(inside * _STEPS).astype("<u2")
