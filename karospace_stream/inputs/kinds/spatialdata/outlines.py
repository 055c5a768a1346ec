"""Polygons of a store as shapes of cells, and squares that are all alike."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.kinds.spatialdata.regions import Region
from karospace_stream.inputs.kinds.spatialdata.shapes import BATCH_NBYTES, ArrayShapes, ParquetShapes
from karospace_stream.inputs.kinds.spatialdata.transformations import Transformation
from karospace_stream.inputs.shapes.polygons import is_polygonal, outlines_of
from karospace_stream.model.inputs.shapes import Outlines

_SAMPLE = 256  # shapes that are looked at
_ALIKE = 1e-3  # of the side of a square


@dataclass(frozen=True, slots=True)
class RegionShapes:
    """The polygons of one element in the coordinate system of the cells; see `ShapeReader`."""

    shapes: ParquetShapes | ArrayShapes
    transformation: Transformation | None = None

    @property
    def n_shapes(self) -> int:
        """Rows."""
        return self.shapes.most_instances

    @property
    def n_vertices(self) -> int:
        """By the size of the geometries."""
        return self.shapes.most_vertices

    @property
    def n_pieces(self) -> int:
        """Row groups."""
        return len(self.shapes.pieces(0))

    @property
    def piece_nbytes(self) -> int:
        """Memory of some rows, decoded."""
        return min(BATCH_NBYTES, 64 * self.n_vertices + 1024 * self.n_shapes) + 64 * self._at_once

    @property
    def _at_once(self) -> int:
        """Vertices of shapes that lie in arrays: all are read."""
        return self.n_vertices if isinstance(self.shapes, ArrayShapes) else 0

    def read(self, piece: int) -> Iterator[Outlines]:
        """Read one row group; see the protocol."""
        for names, geometries in self.shapes.geometries(piece):
            found = outlines_of(geometries, names, all_of_them=True)
            moved = (
                found.vertices if self.transformation is None else self.transformation.apply(found.vertices)
            )
            yield replace(found, vertices=moved)


@dataclass(frozen=True, slots=True)
class Squares:
    """Squares of one size, all turned alike: the bins of Visium HD.

    Attributes
    ----------
    angle
        Radians from x towards y, in (-pi / 4, pi / 4].
    """

    side: float
    angle: float


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first polygons of an element.

    Attributes
    ----------
    names
        Of their instances, one for each ring.
    rings
        As stored.
    squares
        What all have in common once they are transformed; None if they are no squares.
    """

    reader: RegionShapes
    names: npt.NDArray[Any]
    rings: Outlines
    squares: Squares | None

    def centers(
        self, transformation: Transformation | None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Centres of the boxes around the rings, and the longer side of each."""
        vertices = self.rings.vertices
        if transformation is not None:
            vertices = transformation.apply(vertices)
        low = np.minimum.reduceat(vertices, self.rings.starts[:-1])
        high = np.maximum.reduceat(vertices, self.rings.starts[:-1])
        return (low + high) / 2, (high - low).max(axis=1)


def polygons_of(region: Region) -> Sample | None:
    """The shapes of a region if they are polygons; reads the first ones."""
    shapes = region.element
    if not isinstance(shapes, ParquetShapes | ArrayShapes) or shapes.diameter is not None:
        return None
    if isinstance(shapes, ParquetShapes) and "radius" in shapes.table.columns:
        return None
    first = next(shapes.geometries(0), None) if shapes.most_instances else None
    if first is None or not is_polygonal(first[1][:_SAMPLE]):
        return None
    names, geometries = first[0][:_SAMPLE], first[1][:_SAMPLE]
    rings = outlines_of(geometries, names)
    assert rings.names is not None
    squares = _squares(region.transformation.apply(rings.vertices), rings.starts)
    return Sample(RegionShapes(shapes, region.transformation), rings.names, rings, squares)


def _squares(vertices: npt.NDArray[Any], starts: npt.NDArray[np.int64]) -> Squares | None:
    if not len(vertices) or not (np.diff(starts) == 5).all():  # closed rings
        return None
    rings = vertices.reshape(-1, 5, 2)
    edges = np.diff(rings, axis=1)
    sides = np.hypot(edges[..., 0], edges[..., 1])
    side = float(sides.mean())
    if not side > 0 or (np.abs(sides - side) > _ALIKE * side).any():
        return None
    dots = (edges[:, 0] * edges[:, 1]).sum(axis=1)
    turns = np.exp(4j * np.arctan2(edges[:, 0, 1], edges[:, 0, 0]))
    turn = complex(turns.mean())
    if (np.abs(dots) > _ALIKE * side * side).any() or (np.abs(turns - turn) > 4 * _ALIKE).any():
        return None
    return Squares(side, math.atan2(turn.imag, turn.real) / 4)
