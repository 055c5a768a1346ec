"""Bytes that nobody can know before the data are read and compressed: at least, and at most."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A range of bytes. Ranges add up: what is uncertain together stays uncertain together."""

    least: float = 0.0
    most: float = 0.0

    @classmethod
    def exactly(cls, nbytes: float) -> Size:
        """What is known."""
        return cls(nbytes, nbytes)

    @property
    def middle(self) -> int:
        """The estimate where one number is needed: as many times the least as the most is of it."""
        return round(math.sqrt(self.least * self.most))

    @property
    def bounds(self) -> tuple[int, int]:
        """In whole bytes."""
        return math.floor(self.least), math.ceil(self.most)

    def __add__(self, other: Size) -> Size:
        return Size(self.least + other.least, self.most + other.most)

    def __mul__(self, factor: float) -> Size:
        return Size(self.least * factor, self.most * factor)

    def packed(self, least: float, most: float, *, if_: bool = True) -> Size:
        """Compressed to a share of at least and at most so much; or not at all."""
        return Size(self.least * least, self.most * most) if if_ else self
