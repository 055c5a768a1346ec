"""Boundaries of the cells of a table, among the parts of the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.kinds.spatialdata.centers import Places
from karospace_stream.inputs.kinds.spatialdata.coordinates import RegionCoordinates, names_of
from karospace_stream.inputs.kinds.spatialdata.outlines import Sample, polygons_of
from karospace_stream.inputs.kinds.spatialdata.regions import Annotation, Region, find_regions
from karospace_stream.inputs.kinds.spatialdata.transformations import Transformation
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.source.common_lengths import common_diameter
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import mapping
from karospace_stream.source.parts import Parts

_OWN = "spatial"
_SAME_ANGLE = 0.01  # radians
_MANY = 0.5  # of the shapes that are looked at
_NEAR = 1.0  # sides of a shape


@dataclass(frozen=True, slots=True)
class _Element:
    region: Region
    sample: Sample


def with_shapes(
    parts: Parts, root: Any, annotation: Annotation, regions: Sequence[Region], key: str, wrap: Wrap
) -> Parts:
    """The parts with the polygons of a store; those that are squares of one size are spots.

    Polygons belong to cells if the table annotates them, or if they have the names of its instances and lie
    where these do.

    Parameters
    ----------
    key
        The entry of obsm with the centres of the regions.
    """
    own = _elements(regions)
    others = _elements(list(_others(root, annotation, regions, wrap)))
    coordinates = parts.obsm[key]
    if not own and not others:
        return parts
    assert isinstance(coordinates, RegionCoordinates)
    parts = _with_squares(parts, own, len(regions))
    own = own if parts.spot_angle is None else []
    n_cells = coordinates.n_rows
    instances = names_of(coordinates.cells.instance.read("", 0, n_cells))
    shapes = []
    for each in (*own, *others):
        is_own = each in own
        rows = _rows(instances, each.sample.names)
        if not is_own and np.count_nonzero(rows >= 0) < _MANY * len(rows):
            continue
        placed, transformation = _placed(parts, each, rows, key)
        if not is_own and placed == key and not _are_there(coordinates, each, rows):
            continue
        of = (annotation.region_key, each.region.name) if is_own and annotation.region_key else None
        reader = replace(each.sample.reader, transformation=transformation)
        shapes.append(ShapesInfo(each.region.name, placed, reader, annotation.instance_key, of))
    return replace(parts, shapes=tuple(shapes))


def _elements(regions: Sequence[Region]) -> list[_Element]:
    found = []
    for region in regions:
        try:
            sample = polygons_of(region)
        except BadInputError:  # whoever reads the centres says so
            continue
        if sample is not None:
            found.append(_Element(region, sample))
    return found


def _others(root: Any, annotation: Annotation, regions: Sequence[Region], wrap: Wrap) -> Iterator[Region]:
    """Shapes that the table does not annotate, in the coordinate system of those that it does."""
    there = set(mapping(root, "shapes")) if "shapes" in set(root) else set[str]()
    names = sorted(there - set(annotation.regions))
    systems = {region.transformation.system for region in regions}
    for region in find_regions(root, names, wrap, []).found if len(systems) == 1 else ():
        if region.transformation.system in systems:
            yield region


def _rows(instances: npt.NDArray[Any], names: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """The cell of each name; -1 for none."""
    order = np.argsort(instances, kind="stable")
    numbers = np.arange(len(instances), dtype=np.float64)
    found = Places(instances[order], np.column_stack([numbers[order], numbers[order]])).of(names)[:, 0]
    return np.where(np.isnan(found), -1, found).astype(np.intp)


def _placed(
    parts: Parts, element: _Element, rows: npt.NDArray[np.intp], key: str
) -> tuple[str, Transformation | None]:
    """The coordinates in which shapes lie, and how to get there.

    If the table has its own coordinates and the centres of the shapes are these, transformed or as stored,
    shapes are shown there.
    """
    ours = element.region.transformation
    known = rows >= 0
    if key == _OWN or not known.any():
        return key, ours
    first, last = int(rows[known].min()), int(rows[known].max()) + 1
    theirs = np.asarray(parts.obsm[_OWN].read(first, last, 2), np.float64)[rows[known] - first]
    for transformation in (None, ours):
        centers, sizes = element.sample.centers(transformation)
        off = np.abs(centers[known] - theirs).max(axis=1)
        if np.median(off / sizes[known]) < _MANY:
            return _OWN, transformation
    return key, ours


def _are_there(coordinates: RegionCoordinates, element: _Element, rows: npt.NDArray[np.intp]) -> bool:
    """Whether shapes lie where the cells of their names do: those of other things may be numbered, too."""
    known = rows >= 0
    if coordinates.is_made_up:
        return element.sample.names.dtype.kind != "i"
    first, last = int(rows[known].min()), int(rows[known].max()) + 1
    theirs = coordinates.read(first, last, 2)[rows[known] - first]
    centers, sizes = element.sample.centers(element.region.transformation)
    off = np.abs(centers[known] - theirs).max(axis=1) / sizes[known]
    return not np.isfinite(off).any() or bool(np.nanmedian(off) < _NEAR)


def _with_squares(parts: Parts, own: Sequence[_Element], n_regions: int) -> Parts:
    squares = [each.sample.squares for each in own if each.sample.squares is not None]
    if not squares or len(squares) != n_regions:
        return parts
    side = common_diameter([each.side for each in squares])
    angles = [each.angle for each in squares]
    stated = parts.spot_diameter
    is_known = side is not None and (stated is None or common_diameter([stated, side]) is not None)
    if not is_known or max(angles) - min(angles) > _SAME_ANGLE:
        return parts
    return replace(parts, spot_diameter=side if stated is None else stated, spot_angle=angles[0])
