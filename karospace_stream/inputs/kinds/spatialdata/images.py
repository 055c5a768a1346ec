"""Images of a store, and how each lies in the coordinate system of the cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.images.affine import of_matrix
from karospace_stream.images.multiscale import axes_of, multiscale_of
from karospace_stream.images.ome_zarr import image_of_group
from karospace_stream.images.slide import Affine
from karospace_stream.images.stored import StoredSlide
from karospace_stream.inputs.kinds.spatialdata.transformations import transformations_of
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import mapping
from karospace_stream.source.problems.unreadable import Unreadable, optional

_FOLDER = "images"


def find_slides(
    root: Any, embedding: str, system: str, wrap: Wrap, unreadable: Unreadable
) -> Iterator[StoredSlide]:
    """Describe all images; those that cannot be read are left out, and recorded.

    Parameters
    ----------
    embedding, system
        Key of the coordinates of the cells, and their coordinate system; empty if these are not known.
    """
    folder = mapping(root, _FOLDER) if _FOLDER in set(root) else {}
    for name in sorted(folder):
        with optional(unreadable, f"{_FOLDER}/{name}"):
            group = folder[name]
            image = image_of_group(group, wrap)
            yield StoredSlide(str(name), image, embedding, _to_pixel(group, system), group.path)


def _to_pixel(group: Any, system: str) -> Affine | None:
    """From the coordinate system to pixels; None if no transformation leads there."""
    described = multiscale_of(group)
    found = transformations_of(described.get("coordinateTransformations"), axes_of(described))
    if system not in found:
        return None
    matrix = np.array(found[system].rows)[np.ix_([0, 1, 3], [0, 1, 3])]
    try:
        return of_matrix(np.linalg.inv(matrix))
    except np.linalg.LinAlgError as error:
        raise BadInputError("its transformation maps different places to the same one") from error
