"""Match the images of ``uns['spatial']`` to the exported cells above them.

An image belongs to the cells of its library. Where the file has one library and no column says otherwise,
these are all cells. Where it has several, a column of obs whose categories are the libraries tells. Nothing
is guessed: an image under the cells of another section would lie about the tissue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.formats.cells.tiles import read_column
from karospace_stream.formats.columns.codes import distinct
from karospace_stream.model.catalog import Catalog, ImageInfo
from karospace_stream.model.sections import CellsImage
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.select.natural import natural_key
from karospace_stream.select.sections.names import library_column, section_columns

_MOST_CATEGORIES = 1_000


@dataclass(frozen=True, slots=True)
class Libraries:
    """Libraries with an image, and the column that tells which cells are theirs.

    Attributes
    ----------
    images
        The best image of each library that has one.
    column
        None if no column tells.
    are_all_cells
        Whether the only library is that of all cells.
    """

    images: dict[str, ImageInfo]
    column: str | None
    are_all_cells: bool

    @property
    def are_known(self) -> bool:
        """Whether it is known which cells belong to which library."""
        return self.are_all_cells or self.column is not None


def find_libraries(source: Source, selection: Selection) -> Libraries:
    """Find the images, and the column; reads names of categories, and columns of text whole."""
    catalog = source.catalog
    images = {info.library: info for info in best_images(catalog)}
    if not images:
        return Libraries({}, None, are_all_cells=False)
    is_one = len(catalog.libraries) < 2
    columns = named_columns(source, selection, only_sections=is_one)
    column = library_column(catalog.libraries or tuple(images), columns)
    return Libraries(images, column, are_all_cells=is_one and column is None)


def best_images(catalog: Catalog) -> Iterator[ImageInfo]:
    """The ``hires`` image of each library, else the ``lowres`` one, as in schema 1.0.0."""
    for library in dict.fromkeys(info.library for info in catalog.images):
        own = {info.resolution: info for info in catalog.images if info.library == library}
        best = own.get("hires") or own.get("lowres")
        if best is not None:
            yield best


def place_images(source: Source, selection: Selection, libraries: Libraries) -> tuple[CellsImage, ...]:
    """Images of the libraries that exported cells belong to; reads the column in tiles."""
    if libraries.are_all_cells:
        return tuple(CellsImage(info) for info in libraries.images.values())
    if libraries.column is None:
        return ()
    present = set[str | None]()
    for tile in read_column(source, selection, libraries.column, 0, selection.n_cells):
        names, codes = labels_of(tile)
        present.update(names[code] for code in np.unique(codes).tolist())
    found = [
        (name, libraries.images[name])
        for name in sorted(libraries.images, key=natural_key)
        if name in present
    ]
    if len(present) == 1:
        return tuple(CellsImage(info) for _, info in found)
    return tuple(CellsImage(info, libraries.column, name) for name, info in found)


def named_columns(
    source: Source, selection: Selection, *, only_sections: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Columns and their categories, in the order of obs; of text, those with the name of sections."""
    obs = source.catalog.obs
    sections = {info.name for info in section_columns(obs)}
    for info in obs:
        if only_sections and info.name not in sections:
            continue
        found: tuple[str, ...] | None = None
        if info.kind == "category" and (info.n_categories or 0) <= _MOST_CATEGORIES:
            found = source.obs_column(info.name, 0, 1).categories
        elif info.kind == "string" and info.name in sections:
            found = distinct(source, selection, info.name, _MOST_CATEGORIES)
        if found:
            yield info.name, found
