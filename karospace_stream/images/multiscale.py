"""The description of a multiscale image in the attributes of a Zarr group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.errors import BadInputError


def multiscale_of(group: Any) -> Mapping[str, Any]:
    """The description of an image: in ``ome`` since Zarr version 3.

    Raises
    ------
    BadInputError
        If there is none. The message is the reason only.
    """
    ome = group.attrs.get("ome")
    lists = [group.attrs.get("multiscales"), ome.get("multiscales") if isinstance(ome, Mapping) else None]
    found = [each[0] for each in lists if isinstance(each, list) and each and isinstance(each[0], Mapping)]
    # Some versions of SpatialData write transformations into one of two places.
    found.sort(key=lambda each: "coordinateTransformations" not in each)
    if not found:
        raise BadInputError("it has no description of an image (multiscales)")
    return found[0]


def omero_of(group: Any) -> Mapping[str, Any]:
    """What a group says about the channels of its image; empty if it says nothing."""
    ome = group.attrs.get("ome")
    found = group.attrs.get("omero") or (ome.get("omero") if isinstance(ome, Mapping) else None)
    return found if isinstance(found, Mapping) else {}


def axes_of(described: Mapping[str, Any]) -> list[str]:
    """Names of the axes of an image."""
    axes = described.get("axes")
    if not isinstance(axes, list | tuple):
        return []
    return [str(each.get("name") if isinstance(each, Mapping) else each) for each in axes]
