"""The coordinates of what a table annotates, among the parts of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.images.stored import StoredSlide
from karospace_stream.inputs.kinds.spatialdata.coordinates import Cells, RegionCoordinates
from karospace_stream.inputs.kinds.spatialdata.images import RegionPlace, find_slides
from karospace_stream.inputs.kinds.spatialdata.region_shapes import with_shapes
from karospace_stream.inputs.kinds.spatialdata.regions import (
    Annotation,
    Region,
    Regions,
    annotation_of,
    find_regions,
)
from karospace_stream.inputs.kinds.spatialdata.unread import unread_elements
from karospace_stream.model.finding import Finding
from karospace_stream.source.common_lengths import common_diameter
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.other_kinds import listed
from karospace_stream.source.problems.unreadable import Unreadable, optional

_SPATIAL = "spatial"
_OTHER = "spatial_global"


def placed(parts: Parts, root: Any, table: Any, wrap: Wrap, unreadable: Unreadable) -> Parts:
    """The parts of a table, with the coordinates of the regions that it annotates.

    Parameters
    ----------
    root, table
        Groups of the store and of the table.
    """
    annotation = None
    with optional(unreadable, "uns/spatialdata_attrs"):
        annotation = annotation_of(table, wrap)
    if annotation is not None:
        parts = _placed(parts, root, annotation, wrap, unreadable)
    column = annotation.region_key if annotation else ""
    parts = replace(parts, slides=tuple(_slides(parts, root, column, wrap, unreadable)))
    shapes = (*(annotation.regions if annotation else ()), *(each.name for each in parts.shapes))
    return _with_findings(parts, *unread_elements(root, shapes, {slide.name for slide in parts.slides}))


def _slides(
    parts: Parts, root: Any, column: str, wrap: Wrap, unreadable: Unreadable
) -> Iterator[StoredSlide]:
    """Images, in the coordinate systems of the coordinates that were made."""
    made = {key: entry for key, entry in parts.obsm.items() if isinstance(entry, RegionCoordinates)}
    has_column = column in parts.obs.columns
    places = [
        RegionPlace(region.transformation.system, (column, region.name) if has_column else None)
        for entry in made.values()
        for region in entry.regions
    ]
    yield from find_slides(root, next(iter(made), ""), places, wrap, unreadable)


def _placed(parts: Parts, root: Any, annotation: Annotation, wrap: Wrap, unreadable: Unreadable) -> Parts:
    """The parts with the coordinates of the regions that are annotated."""
    columns = parts.obs.columns
    instance, region = columns.get(annotation.instance_key), columns.get(annotation.region_key)
    if instance is None or (region is None and len(annotation.regions) > 1):
        missing = annotation.instance_key if instance is None else annotation.region_key
        why = f"it says that obs[{missing!r}] names the cells, but obs has no such column"
        unreadable.append(("uns/spatialdata_attrs", why))
        return parts
    try:
        regions = find_regions(root, annotation.regions, wrap, unreadable)
    except BadOptionError as error:  # an extra is not installed
        if _SPATIAL not in parts.obsm:
            raise
        return _with_findings(
            parts, Finding("regions-left-out", f"centres of the regions are left out: {error}")
        )
    key = _OTHER if _SPATIAL in parts.obsm else _SPATIAL
    entry = RegionCoordinates(key, Cells(region, instance), regions.found)
    if not regions.found or (key == _OTHER and entry.is_large):
        return _with_findings(parts, *_left_out(regions, key))
    parts = replace(parts, obsm={**parts.obsm, key: entry})
    if key == _SPATIAL:
        parts = _with_sizes(parts, regions.found)
    parts = with_shapes(parts, root, annotation, regions.found, key, wrap)
    return _with_findings(parts, _made(regions, key), *_missing(regions))


def _with_findings(parts: Parts, *findings: Finding) -> Parts:
    return replace(parts, findings=(*parts.findings, *findings))


def _with_sizes(parts: Parts, regions: tuple[Region, ...]) -> Parts:
    """The parts with the size of circles and of a unit, if the table does not state them."""
    diameters = [
        region.element.diameter * region.transformation.scale
        for region in regions
        if region.element.diameter is not None
    ]
    spot = common_diameter(diameters) if len(diameters) == len(regions) else None
    units = {region.transformation.microns for region in regions}
    microns = units.pop() if len(units) == 1 else None
    return replace(
        parts,
        spot_diameter=spot if parts.spot_diameter is None else parts.spot_diameter,
        microns_per_pixel=microns if parts.microns_per_pixel is None else parts.microns_per_pixel,
    )


def _made(regions: Regions, key: str) -> Finding:
    elements = listed([region.element.what for region in regions.found])
    system = (
        f"in the coordinate system {regions.system!r}"
        if regions.system
        else "each in its own coordinate system"
    )
    own = "; obsm['spatial'] is the table's own" if key == _OTHER else ""
    return Finding("region-coordinates", f"obsm[{key!r}] holds the centres of {elements}, {system}{own}")


def _missing(regions: Regions) -> Iterator[Finding]:
    if regions.missing:
        text = f"the table annotates {listed(map(repr, regions.missing))}, which the store does not have"
        yield Finding("regions-left-out", f"{text}; their cells have no coordinates")


def _left_out(regions: Regions, key: str) -> Iterator[Finding]:
    yield from _missing(regions)
    if regions.found:
        elements = listed([region.element.what for region in regions.found])
        text = f"obsm['spatial'] is the table's own; {elements} are large, and their centres are not computed"
        yield Finding("regions-left-out", text)
