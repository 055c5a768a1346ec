"""Bytes that nobody can know before the data are read and compressed: from the low to the high estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A range of bytes. The sum of two is the range of both together."""

    low: float = 0.0
    high: float = 0.0

    @classmethod
    def exactly(cls, nbytes: float) -> Size:
        """A size that is known."""
        return cls(nbytes, nbytes)

    @property
    def middle(self) -> int:
        """One estimate: the high end is as many times the middle as the middle is times the low end."""
        return round(math.sqrt(self.low * self.high))

    @property
    def bounds(self) -> tuple[int, int]:
        """Both ends in whole bytes."""
        return math.floor(self.low), math.ceil(self.high)

    def __add__(self, other: Size) -> Size:
        return Size(self.low + other.low, self.high + other.high)

    def __mul__(self, factor: float | Size) -> Size:
        other = factor if isinstance(factor, Size) else Size.exactly(factor)
        return Size(self.low * other.low, self.high * other.high)

    def packed(self, share: Size, *, when: bool = True) -> Size:
        """The size after compression to a share of it; unchanged if nothing is compressed."""
        return self * share if when else self
