"""The shapes that a bundle is made of."""

from __future__ import annotations

from karospace_stream.inputs.shapes.file import open_shapes
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.inputs.shapes import ShapesInfo


def shapes_of(catalog: Catalog, chosen: str | bool | None) -> tuple[ShapesInfo, ...]:
    """Those of a file that the user names, or those of the input; none if they are switched off."""
    if chosen is None:
        return catalog.shapes
    return (open_shapes(chosen),) if isinstance(chosen, str) else ()
