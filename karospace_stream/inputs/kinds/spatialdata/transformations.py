"""Transformations of NGFF as SpatialData stores them: from an element to a coordinate system.

They name their axes, which may come in any order and include channels. Here a transformation is a matrix of
4 x 4 for columns (x, y, z, 1); axes that it does not name stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError

Matrix = npt.NDArray[np.float64]

AXES = ("x", "y", "z")
#: The system that all elements have by default.
GLOBAL = "global"
_MICRONS = {"micrometer": 1.0, "micrometre": 1.0, "um": 1.0, "µm": 1.0, "nanometer": 1e-3, "millimeter": 1e3}
_MOST_STEPS = 100
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Transformation:
    """From an element to a coordinate system.

    Attributes
    ----------
    rows
        The matrix, row by row, so that it can be hashed.
    microns
        Micrometres of a unit of the coordinate system; None if its axes name no unit of length.
    """

    system: str
    rows: tuple[tuple[float, ...], ...]
    microns: float | None = None

    def apply(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Transform rows of (x, y) or (x, y, z); they stay as wide as they are."""
        matrix, width = np.array(self.rows), points.shape[1]
        moved: npt.NDArray[np.float64] = points @ matrix[:width, :width].T + matrix[:width, 3]
        return moved

    @property
    def scale(self) -> float:
        """By how much lengths in x and y grow."""
        return float(np.sqrt(abs(np.linalg.det(np.array(self.rows)[:2, :2]))))


def transformations_of(described: Any, axes: Sequence[str]) -> dict[str, Transformation]:
    """Transformations by the coordinate system that they lead to.

    Parameters
    ----------
    described
        The list ``coordinateTransformations`` of an element.
    axes
        Those of the element, for transformations that do not name theirs.

    Raises
    ------
    BadInputError
        If one is of no known type, or its numbers do not fit its axes. The message is the reason only.
    """
    if not isinstance(described, list | tuple) or len(described) > _MOST_STEPS:
        raise BadInputError("its coordinateTransformations must be a list")
    found = {}
    for each in described:
        system = _system(each)
        matrix = _matrix(each, tuple(axes))
        if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix[:2, :2])) == 0:
            raise BadInputError(f"its transformation to {system!r} maps different places to the same one")
        found[system] = Transformation(system, tuple(map(tuple, matrix.tolist())), _microns(each))
    return found


def _system(described: Any) -> str:
    output = described.get("output") if isinstance(described, Mapping) else None
    name = output.get("name", GLOBAL) if isinstance(output, Mapping) else output
    return name if isinstance(name, str) else GLOBAL


def _microns(described: Mapping[str, Any]) -> float | None:
    """Micrometres of a unit, if the axes x and y agree."""
    output = described.get("output")
    axes = output.get("axes", ()) if isinstance(output, Mapping) else ()
    axes = [each for each in axes if isinstance(each, Mapping) and each.get("name") in AXES[:2]]
    units = {str(each.get("unit")).lower() for each in axes}
    return _MICRONS.get(units.pop()) if len(units) == 1 else None


def _matrix(described: Any, axes: tuple[str, ...], depth: int = 0) -> Matrix:
    kind = described.get("type") if isinstance(described, Mapping) else None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None or depth > _DEEPEST:
        raise BadInputError(f"its transformation must be of a known type, got {str(kind)[:40]!r}")
    return read(described, _axes_of(described, "input", axes), depth)


def _axes_of(described: Mapping[str, Any], end: str, default: tuple[str, ...]) -> tuple[str, ...]:
    given = described.get(end)
    listed = given.get("axes") if isinstance(given, Mapping) else None
    if not isinstance(listed, list | tuple) or not listed:
        return default
    return tuple(str(each.get("name") if isinstance(each, Mapping) else each) for each in listed)


def _numbers(described: Mapping[str, Any], key: str, shape: tuple[int, ...]) -> Matrix:
    try:
        values = np.asarray(described.get(key), np.float64)
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.shape != shape:
        size = " x ".join(map(str, shape))
        raise BadInputError(
            f"its transformation of type {described['type']!r} must have {size} numbers in {key!r}"
        )
    return values


def _identity(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    return np.eye(4)


def _translation(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    values, matrix = _numbers(described, "translation", (len(axes),)), np.eye(4)
    for value, axis in zip(values, axes, strict=True):
        if axis in AXES:
            matrix[AXES.index(axis), 3] = value
    return matrix


def _scale(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    values, matrix = _numbers(described, "scale", (len(axes),)), np.eye(4)
    for value, axis in zip(values, axes, strict=True):
        if axis in AXES:
            matrix[AXES.index(axis), AXES.index(axis)] = value
    return matrix


def _affine(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    output = _axes_of(described, "output", axes)
    return _placed(_numbers(described, "affine", (len(output), len(axes) + 1)), axes, output)


def _rotation(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    n_axes = len(axes)
    values = _numbers(described, "rotation", (n_axes * n_axes,)).reshape(n_axes, n_axes)
    return _placed(np.column_stack([values, np.zeros(n_axes)]), axes, axes)


def _placed(values: Matrix, axes: tuple[str, ...], output: tuple[str, ...]) -> Matrix:
    """A matrix of any axes as one of x, y and z."""
    matrix = np.eye(4)
    for row, to in enumerate(output):
        if to in AXES:
            matrix[AXES.index(to)] = 0
            for column, axis in enumerate(axes):
                if axis in AXES:
                    matrix[AXES.index(to), AXES.index(axis)] = values[row, column]
            matrix[AXES.index(to), 3] = values[row, -1]
    return matrix


def _map_axis(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    named = described.get("mapAxis")
    if not isinstance(named, Mapping):
        raise BadInputError("its transformation of type 'mapAxis' must name axes")
    matrix = np.eye(4)
    for to, axis in named.items():
        if to in AXES and axis in AXES:
            matrix[AXES.index(to)] = 0
            matrix[AXES.index(to), AXES.index(axis)] = 1
    return matrix


def _sequence(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    steps = described.get("transformations")
    if not isinstance(steps, list | tuple) or len(steps) > _MOST_STEPS:
        raise BadInputError("its transformation of type 'sequence' must be a list of transformations")
    matrix = np.eye(4)
    for step in steps:
        matrix = _matrix(step, axes, depth + 1) @ matrix
        axes = _axes_of(step, "output", axes)
    return matrix


def _by_dimension(described: Mapping[str, Any], axes: tuple[str, ...], depth: int) -> Matrix:
    parts = described.get("transformations")
    if not isinstance(parts, list | tuple) or len(parts) > _MOST_STEPS:
        raise BadInputError("its transformation of type 'byDimension' must be a list of transformations")
    matrix = np.eye(4)
    for part in parts:
        made = _matrix(part, axes, depth + 1)
        for to in _axes_of(part, "output", axes):
            if to in AXES:
                matrix[AXES.index(to)] = made[AXES.index(to)]
    return matrix


_READERS: dict[str, Callable[[Mapping[str, Any], tuple[str, ...], int], Matrix]] = {
    "identity": _identity,
    "translation": _translation,
    "scale": _scale,
    "affine": _affine,
    "rotation": _rotation,
    "mapAxis": _map_axis,
    "sequence": _sequence,
    "byDimension": _by_dimension,
}
