"""Polygons of shapely as rings of vertices."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.inputs.shapes import Outlines


def outlines_of(
    geometries: npt.NDArray[Any], names: npt.NDArray[Any] | None, *, all_of_them: bool = False
) -> Outlines:
    """The outer rings of polygons and of all polygons in collections; points and lines have none.

    Parameters
    ----------
    all_of_them
        Whether what has none, as an empty polygon, is a ring without vertices, so that it is counted.
    """
    import shapely

    parts, owners = shapely.get_parts(geometries, return_index=True)
    are_polygons = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    parts, owners = parts[are_polygons], owners[are_polygons]
    rings = shapely.get_exterior_ring(parts)
    vertices, of_ring = shapely.get_coordinates(rings, return_index=True)
    if all_of_them:
        owners = np.concatenate([owners, np.setdiff1d(np.arange(len(geometries)), owners)])
    starts = np.zeros(len(owners) + 1, np.int64)
    np.cumsum(np.bincount(of_ring, minlength=len(owners)), out=starts[1:])
    n_holes = int(shapely.get_num_interior_rings(parts).sum())
    return Outlines(None if names is None else names[owners], starts, vertices, n_holes)


def is_polygonal(geometries: npt.NDArray[Any]) -> bool:
    """Whether some geometries are polygons, or hold some."""
    import shapely

    areal = (
        shapely.GeometryType.POLYGON,
        shapely.GeometryType.MULTIPOLYGON,
        shapely.GeometryType.GEOMETRYCOLLECTION,
    )
    return bool(np.isin(shapely.get_type_id(geometries), areal).any())
