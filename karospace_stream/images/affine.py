"""Affine maps from coordinates to pixels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.images.slide import Affine

Matrix = npt.NDArray[np.float64]


def of_placement(sx: float, sy: float, ox: float, oy: float) -> Affine:
    """The map ``pixel = coordinate x s + o``."""
    return (sx, 0.0, ox, 0.0, sy, oy)


def matrix_of(affine: Affine) -> Matrix:
    """The map as a matrix of 3 x 3."""
    return np.array([affine[:3], affine[3:], (0, 0, 1)], np.float64)


def of_matrix(matrix: Matrix) -> Affine:
    """The map of a matrix of 3 x 3, without negative zeros."""
    a, b, c, d, e, f = (float(each) + 0.0 for each in np.asarray(matrix, np.float64)[:2].ravel())
    return (a, b, c, d, e, f)


def after_shift(affine: Affine, shift: tuple[float, float]) -> Affine:
    """The map for coordinates that were moved by a shift."""
    a, b, c, d, e, f = affine
    x, y = shift
    return (a, b, c - a * x - b * y + 0.0, d, e, f - d * x - e * y + 0.0)


def scale_of(affine: Affine) -> float:
    """Pixels of a unit of the coordinates."""
    a, b, _, d, e, _ = affine
    return float(np.sqrt(abs(a * e - b * d)))
