"""Cells without coordinates in an input that is only inspected; a plan counts those of its export."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from karospace_stream.derive.points import has_position
from karospace_stream.errors import KaroSpaceError
from karospace_stream.formats.cells.tiles import TILE, coords_of_rows
from karospace_stream.formats.registry import format_of
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.plan.noticed.look import Look
from karospace_stream.select import list_drawable
from karospace_stream.select.without_coordinates import (
    not_suggested,
    others_first,
    some_without_coordinates,
)

#: Larger coordinates, of some millions of cells, are not read for it, nor any over the network.
MOST_NBYTES = 64_000_000
_COLUMN_NBYTES = 8  # of a number in obs


def cells_without_coordinates(look: Look) -> Iterator[Finding]:
    """Findings about cells without finite coordinates in the embedding that is shown first."""
    catalog, n_cells = look.catalog, look.catalog.n_cells
    if look.selection is not None:
        return
    fate = format_of(look.options.formats[0]).without_coordinates
    empty, first = look_for_cells(look)
    if first is None:
        for choice in empty[:1]:
            yield some_without_coordinates(catalog, choice, n_cells, n_cells, fate)
        return
    spellings = [each.spelling for each in empty]
    if empty:
        yield others_first(spellings, first.spelling)
    n_without = n_cells - look.placed[first.source]
    if n_without:
        found = some_without_coordinates(catalog, first, n_without, n_cells, fate)
        yield not_suggested(found, spellings)


def look_for_cells(look: Look) -> tuple[list[EmbeddingChoice], EmbeddingChoice | None]:
    """The coordinates that come first but hold no cell, and the first ones that hold some.

    The second is None if nothing holds cells, and if that is not known: nobody looks at large coordinates, at
    those of a file over the network, and at damaged ones, of which a plan tells.
    """
    empty: list[EmbeddingChoice] = []
    catalog = look.catalog
    if catalog.remote or not catalog.n_cells:
        return [], None
    try:
        for choice in list_drawable(catalog):
            if choice.source not in look.placed:
                if _stored_nbytes(catalog, choice) > MOST_NBYTES:
                    break
                look.placed[choice.source] = _count(look, choice)
            if look.placed[choice.source]:
                return empty, choice
            empty.append(choice)
    except KaroSpaceError:
        pass
    return empty, None


def _stored_nbytes(catalog: Catalog, choice: EmbeddingChoice) -> int:
    """Bytes of the whole entry, since its columns are stored together."""
    if choice.source[0] == "obs":
        return _COLUMN_NBYTES * choice.n_dims * catalog.n_cells
    info = next(each for each in catalog.obsm if each.key == choice.source[1])
    width = len(info.table) if info.table is not None else info.n_columns
    itemsize = _COLUMN_NBYTES if info.is_text or info.table is not None else np.dtype(info.dtype).itemsize
    return itemsize * width * catalog.n_cells


def _count(look: Look, choice: EmbeddingChoice) -> int:
    n_cells, source = look.catalog.n_cells, look.source
    with source.kept_open():
        starts = range(0, n_cells, TILE)
        tiles = (coords_of_rows(source, choice, start, min(start + TILE, n_cells)) for start in starts)
        return sum(int(has_position(tile).sum()) for tile in tiles)
