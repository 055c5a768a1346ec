"""The regions of a store that a table annotates: shapes, labels or points, one instance of them a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from karospace_stream.errors import BadInputError
from karospace_stream.images.multiscale import axes_of, multiscale_of
from karospace_stream.inputs.kinds.spatialdata.centers import Element
from karospace_stream.inputs.kinds.spatialdata.labels import describe_labels
from karospace_stream.inputs.kinds.spatialdata.points import ParquetPoints
from karospace_stream.inputs.kinds.spatialdata.shapes import ArrayShapes, ParquetShapes
from karospace_stream.inputs.kinds.spatialdata.transformations import (
    GLOBAL,
    Transformation,
    transformations_of,
)
from karospace_stream.inputs.parquet import check_extra
from karospace_stream.source.elements.attributes import text_attribute, text_attributes
from karospace_stream.source.elements.categories import read_names
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import mapping
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.unreadable import Unreadable, optional

_ABOUT = "spatialdata_attrs"
_MOST_FILES = 100_000


@runtime_checkable
class OpensFiles(Protocol):
    """What makes our arrays of those of a store that has other files too."""

    def open_file(self, key: str) -> StoredFile | None:
        """A file of the store that is no part of an array; None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the cells of a table are.

    Attributes
    ----------
    regions
        Names of elements.
    region_key, instance_key
        Columns of obs: the region of a cell, and its instance there.
    """

    regions: tuple[str, ...]
    region_key: str
    instance_key: str


@dataclass(frozen=True, slots=True)
class Region:
    """One element that a table annotates.

    Attributes
    ----------
    levels
        The element; behind it the same in less detail, if the store has it.
    transformation
        To the coordinate system of all regions.
    """

    name: str
    levels: tuple[Element, ...]
    transformation: Transformation

    @property
    def element(self) -> Element:
        """The element."""
        return self.levels[0]


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions whose cells have a place.

    Attributes
    ----------
    missing
        Names of regions that the store does not have.
    system
        Name of the coordinate system; empty if each region has one of its own.
    """

    found: tuple[Region, ...]
    missing: tuple[str, ...]
    system: str


def annotation_of(table: Any, wrap: Wrap) -> Annotation | None:
    """What a table says about its cells; None if it annotates nothing."""
    about = mapping(mapping(table, "uns"), _ABOUT)
    if "region" in about and "instance_key" in about:
        texts = {key: read_names(wrap(about[key])) for key in about if hasattr(about[key], "shape")}
        regions, instance = texts.get("region", ()), texts.get("instance_key", ())
        by = texts.get("region_key", ())
    else:
        regions = tuple(text_attributes(table, "region"))
        instance, by = ((text_attribute(table, key),) for key in ("instance_key", "region_key"))
    if not regions or not any(instance):
        return None
    return Annotation(tuple(dict.fromkeys(regions)), by[0] if by else "", instance[0])


def find_regions(root: Any, names: Sequence[str], wrap: Wrap, unreadable: Unreadable) -> Regions:
    """Describe regions; those that cannot be read are left out, and recorded.

    Raises
    ------
    BadOptionError
        If a package that they need is not installed.
    """
    found: dict[str, _Found] = {}
    missing = []
    for name in names:
        folder = next((each for each in _READERS if name in set(mapping(root, each))), None)
        if folder is None:
            missing.append(name)
            continue
        if folder != "labels":
            check_extra("Shapes and points of SpatialData")
        with optional(unreadable, f"{folder}/{name}"):
            found[name] = _READERS[folder](name, mapping(root, folder)[name], wrap)
            if not found[name].transformations:
                del found[name]
                raise BadInputError("no transformation leads from it to a coordinate system")
    system = _common_system([each.transformations for each in found.values()])
    regions = [
        Region(name, each.levels, each.transformations[system or next(iter(each.transformations))])
        for name, each in found.items()
    ]
    return Regions(tuple(regions), tuple(missing), system)


@dataclass(frozen=True, slots=True)
class _Found:
    levels: tuple[Element, ...]
    transformations: Mapping[str, Transformation] = field(default_factory=dict)


def _common_system(all_of: Sequence[Mapping[str, Transformation]]) -> str:
    """The global coordinate system, or the first one that all have."""
    if not all_of:
        return ""
    common = [name for name in all_of[0] if all(name in each for each in all_of)]
    return GLOBAL if GLOBAL in common else (common[0] if common else "")


def _shapes(name: str, group: Any, wrap: Wrap) -> _Found:
    file = _file(wrap, f"{group.path}/shapes.parquet")
    shapes = ArrayShapes.of(name, group, wrap) if file is None else ParquetShapes.of(name, file)
    return _Found((shapes,), _transformations(group))


def _points(name: str, group: Any, wrap: Wrap) -> _Found:
    path = f"{group.path}/points.parquet"
    whole = _file(wrap, path)
    files = [] if whole is None else [whole]
    while whole is None and len(files) < _MOST_FILES:
        part = _file(wrap, f"{path}/part.{len(files)}.parquet")
        if part is None:
            break
        files.append(part)
    return _Found((ParquetPoints.of(name, files, text_attributes(group, "axes")),), _transformations(group))


def _labels(name: str, group: Any, wrap: Wrap) -> _Found:
    described = multiscale_of(group)
    levels = describe_labels(name, group, wrap)
    return _Found(levels, transformations_of(described.get("coordinateTransformations"), axes_of(described)))


def _transformations(group: Any) -> dict[str, Transformation]:
    return transformations_of(group.attrs.get("coordinateTransformations"), text_attributes(group, "axes"))


def _file(wrap: Wrap, key: str) -> StoredFile | None:
    return wrap.open_file(key) if isinstance(wrap, OpensFiles) else None


_READERS = {"shapes": _shapes, "labels": _labels, "points": _points}
