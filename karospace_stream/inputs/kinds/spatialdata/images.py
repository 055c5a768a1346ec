"""Images of a store, and how each lies in the coordinate system of the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.images.affine import of_matrix
from karospace_stream.images.multiscale import axes_of, multiscale_of
from karospace_stream.images.ome_zarr import image_of_group
from karospace_stream.images.slide import Affine
from karospace_stream.images.stored import StoredSlide
from karospace_stream.inputs.kinds.spatialdata.transformations import Transformation, transformations_of
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import mapping
from karospace_stream.source.problems.unreadable import Unreadable, optional

_FOLDER = "images"


@dataclass(frozen=True, slots=True)
class RegionPlace:
    """The coordinate system of a region; the column and the value of obs that name its cells, if one does."""

    system: str
    section: tuple[str, str] | None


def find_slides(
    root: Any, embedding: str, places: Sequence[RegionPlace], wrap: Wrap, unreadable: Unreadable
) -> Iterator[StoredSlide]:
    """Describe all images; those that cannot be read are left out, and recorded.

    Parameters
    ----------
    embedding
        Key of the coordinates of the cells; empty if these are not known.
    places
        The regions that these are of.
    """
    folder = mapping(root, _FOLDER) if _FOLDER in set(root) else {}
    for name in sorted(folder):
        with optional(unreadable, f"{_FOLDER}/{name}"):
            group = folder[name]
            image = image_of_group(group, wrap)
            yield _placed(StoredSlide(str(name), image, embedding, None, group.path), group, places)


def _placed(slide: StoredSlide, group: Any, places: Sequence[RegionPlace]) -> StoredSlide:
    """The image where its transformations lead, if that is one place."""
    described = multiscale_of(group)
    found = transformations_of(described.get("coordinateTransformations"), axes_of(described))
    under = [each for each in places if each.system in found]
    if not under:
        return slide
    section = under[0].section if len(under) == 1 else None
    overlap = len({each.system for each in places}) > 1
    if section is None and overlap:
        return slide  # which cells it belongs to is not known
    to_pixel = _to_pixel(found[under[0].system])
    return replace(slide, to_pixel=to_pixel, section=section, is_only_there=overlap)


def _to_pixel(transformation: Transformation) -> Affine:
    """From the coordinate system to pixels."""
    matrix = np.array(transformation.rows)[np.ix_([0, 1, 3], [0, 1, 3])]
    try:
        return of_matrix(np.linalg.inv(matrix))
    except np.linalg.LinAlgError as error:
        raise BadInputError("its transformation maps different places to the same one") from error
