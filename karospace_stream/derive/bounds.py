"""Bounds of coordinates and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Bounds:
    """Smallest and largest finite value of each column; empty columns have ``inf``, ``-inf``."""

    minimum: tuple[float, ...]
    maximum: tuple[float, ...]

    @property
    def middle(self) -> tuple[float, ...]:
        """The middle of each column; 0 if a column has no finite value."""
        pairs = zip(self.minimum, self.maximum, strict=True)
        return tuple(low / 2 + high / 2 if low <= high else 0.0 for low, high in pairs)


def bounds_of(values: npt.NDArray[np.generic]) -> Bounds:
    """Bounds of each column of ``(n_rows, n_columns)``, in float64."""
    exact = values.astype(np.float64)
    there = np.isfinite(exact)
    low = np.where(there, exact, np.inf).min(axis=0, initial=np.inf)
    high = np.where(there, exact, -np.inf).max(axis=0, initial=-np.inf)
    return Bounds(tuple(low.tolist()), tuple(high.tolist()))


def join_bounds(all_bounds: Iterable[Bounds]) -> Bounds:
    """Bounds of several ranges of rows taken together."""
    several = list(all_bounds)
    low = zip(*(bounds.minimum for bounds in several), strict=True)
    high = zip(*(bounds.maximum for bounds in several), strict=True)
    return Bounds(tuple(map(min, low)), tuple(map(max, high)))
