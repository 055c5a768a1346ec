"""Coordinates shifted and scaled into the square from -1 to 1, as the Cellucid format requires."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

_SMALLEST_RANGE = 1e-8


@dataclass(frozen=True, slots=True)
class PointRange:
    """Smallest and largest float32 coordinate of each axis; NaN if an axis has a NaN."""

    minimum: tuple[float, ...]
    maximum: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How one embedding is moved and scaled: ``(point - centre) * scale``, in float32.

    Attributes
    ----------
    centre
        Middle of each axis, float32 numbers.
    scale
        2 / the largest range over the axes. Vectors of the same dimension are multiplied by it.
    n_without
        Cells without a position, which do not count.
    """

    centre: tuple[float, ...]
    scale: float
    n_without: int = 0

    def points(self, tile: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
        """Normalise ``(n, n_dims)`` coordinates of any number type, all within the range or not finite."""
        moved = _single(tile) - np.asarray(self.centre, np.float32)
        moved *= np.float32(self.scale)
        return moved

    def vectors(self, tile: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
        """Scale ``(n, n_dims)`` displacements of any number type; NaN and infinities stay."""
        return _single(tile) * np.float32(self.scale)


def _single(tile: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):  # values beyond float32 become infinite
        return np.asarray(tile, np.float32)


def point_range(tile: npt.NDArray[np.generic]) -> PointRange:
    """Range of ``(n, n_dims)`` coordinates, n > 0, after they were made float32."""
    values = _single(tile)
    return PointRange(tuple(values.min(axis=0).tolist()), tuple(values.max(axis=0).tolist()))


def join_point_ranges(ranges: Iterable[PointRange]) -> PointRange:
    """Range of several ranges of cells taken together; a NaN stays."""
    several = list(ranges)
    low = np.min([one.minimum for one in several], axis=0)
    high = np.max([one.maximum for one in several], axis=0)
    return PointRange(tuple(low.tolist()), tuple(high.tolist()))


def has_position(tile: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Which rows of ``(n, n_dims)`` coordinates are finite in float32 on every axis."""
    return np.asarray(np.isfinite(_single(tile)).all(axis=1))


def in_corner(points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Normalised points, with cells without a position at -1 on every axis."""
    placed = has_position(points)
    return points if placed.all() else np.where(placed[:, None], points, np.float32(-1))


def normalisation(extent: PointRange, name: str, n_without: int = 0) -> Normalisation:
    """Centre and scale from the range of all cells that have a position.

    Parameters
    ----------
    name
        The embedding's, for the message.

    Raises
    ------
    BadInputError
        If a coordinate is NaN or infinite, or the range is beyond float32: one such cell would
        make every point of the export NaN.
    """
    low, high = np.asarray(extent.minimum, np.float32), np.asarray(extent.maximum, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        largest = float((high - low).max())
        centre = (low + high) / np.float32(2)
    if not (np.isfinite(largest) and np.isfinite(centre).all()):
        raise BadInputError(
            f"The coordinates of {name!r} must be finite for a Cellucid export, but they range from "
            f"{low.tolist()} to {high.tolist()}; leave out the cells without coordinates, or "
            "choose another embedding."
        )
    scale = 2.0 / (largest if largest >= _SMALLEST_RANGE else 1.0)
    return Normalisation(tuple(centre.tolist()), scale, n_without)
