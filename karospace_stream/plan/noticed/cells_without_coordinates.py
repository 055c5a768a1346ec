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
from karospace_stream.select import choose_embeddings
from karospace_stream.select.without_coordinates import some_without_coordinates

#: Larger coordinates, of some millions of cells, are not read for it, nor any over the network.
MOST_NBYTES = 64_000_000
_COLUMN_NBYTES = 8  # of a number in obs


def cells_without_coordinates(look: Look) -> Iterator[Finding]:
    """A finding about cells without finite coordinates in the embedding that is shown first."""
    catalog, options = look.catalog, look.options
    if look.selection is not None or catalog.remote:
        return
    try:
        choice = choose_embeddings(catalog, options.coords, options.vectors)[0]
        if _stored_nbytes(catalog, choice) > MOST_NBYTES:
            return
        n_placed = _count(look, choice)
    except KaroSpaceError:  # nothing can be drawn, or it is damaged: a plan says so
        return
    n_cells = catalog.n_cells
    if n_placed < n_cells:
        without_coordinates = format_of(options.formats[0]).without_coordinates
        yield some_without_coordinates(catalog, choice, n_cells - n_placed, n_cells, without_coordinates)


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
