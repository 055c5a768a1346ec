"""``--arrange-by``: lay out the sections of a tissue side by side.

All that is decided is a shift for each section. It follows from the boxes of the sections, which one pass
over the coordinates and the column gives, a tile at a time: some 10 to 25 bytes a cell are read, and nothing
is kept but the boxes. The shifts are added wherever coordinates are read for an export.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from karospace_stream.derive.sections.boxes import Box, GroupBoxes
from karospace_stream.derive.sections.grid import lay_out
from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import read_column, read_coords
from karospace_stream.formats.left_out import name_some
from karospace_stream.model.catalog import Catalog, ColumnInfo, ImageInfo
from karospace_stream.model.cell_sections import GroupName
from karospace_stream.model.sections import Arrangement, CellsImage, is_scaled
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.sections.libraries import Libraries
from karospace_stream.select.coords import is_pixels
from karospace_stream.select.natural import natural_key
from karospace_stream.select.sections.spatial import spatial_embedding
from karospace_stream.select.suggest import not_there

MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True)
class Arranged:
    """The arrangement, None where there is nothing to lay out, and the images, shifted with their cells."""

    arrangement: Arrangement | None
    images: tuple[CellsImage, ...]


@dataclass(slots=True)
class _Found:
    """Boxes of the groups, and the libraries to which their cells belong."""

    boxes: GroupBoxes = field(default_factory=GroupBoxes)
    libraries: dict[GroupName, set[GroupName]] = field(default_factory=dict)


def arrange(
    source: Source, options: ExportOptions, selection: Selection, libraries: Libraries
) -> Arranged | None:
    """Lay out the groups of the column that the user names; None if they are not to be laid out.

    Raises
    ------
    BadOptionError
        If there is no such column, it has no groups, or there are no coordinates of a tissue.
    """
    if options.arrange_by is None:
        return None
    info, choice = _column(source.catalog, options.arrange_by), _coordinates(source.catalog, options)
    found = _read(source, selection, choice, info.name, libraries)
    names = sorted((name for name in found.boxes.boxes if name is not None), key=natural_key)
    groups: tuple[GroupName, ...] = (*names, *([None] if None in found.boxes.boxes else []))
    if len(groups) < 2:
        return None
    pictures = _pictures(groups, found, libraries) if is_pixels(choice) else {}
    boxes = [_field(found.boxes.boxes[group], pictures.get(group)) for group in groups]
    grid = lay_out(boxes, y_down=choice.y_down)
    made = Arrangement(choice.source, info.name, groups, grid.shifts, grid.n_columns)
    images = (CellsImage(picture, info.name, group, made.shift(group)) for group, picture in pictures.items())
    return Arranged(made, tuple(images))


def _column(catalog: Catalog, name: str) -> ColumnInfo:
    infos = {info.name: info for info in catalog.obs}
    if name not in infos:
        raise BadOptionError(not_there("obs column", [name], list(infos), option="--arrange-by"))
    info = infos[name]
    if info.kind == "float":
        raise BadOptionError(
            f"--arrange-by must be a column of groups, such as section or library_id; {name!r} holds "
            f"{info.dtype} numbers"
        )
    return info


def _coordinates(catalog: Catalog, options: ExportOptions) -> EmbeddingChoice:
    choice = spatial_embedding(catalog, options.coords, options.vectors)
    if choice is None and options.arrange == "grid":
        raise BadOptionError(_no_grid(catalog))
    if choice is None:
        raise BadOptionError(
            "--arrange-by: no coordinates of a tissue were found; name them with --coords obsm:KEY or "
            "--coords obs:X,Y"
        )
    return choice


def _no_grid(catalog: Catalog) -> str:
    """Why inputs without coordinates cannot be laid out."""
    if len(catalog.inputs) < 2:
        return (
            "--arrange grid: a grid needs several inputs with coordinates of a tissue, but there is one input"
        )
    lacking = [f"obsm[{key!r}], which {lacks} lacks" for key, lacks in catalog.lacking("obsm").items()]
    has = f"; not all have {name_some(lacking, 3)}" if lacking else ""
    names = name_some([each.name for each in catalog.inputs], 5)
    return f"--arrange grid: no coordinates of a tissue were found in all inputs ({names}){has}"


def _read(
    source: Source, selection: Selection, choice: EmbeddingChoice, column: str, libraries: Libraries
) -> _Found:
    found, end = _Found(), selection.n_cells
    points = read_coords(source, selection, choice, 0, end)
    groups = read_column(source, selection, column, 0, end)
    other = libraries.column if libraries.column not in (None, column) else None
    owners = None if other is None else read_column(source, selection, other, 0, end)
    for tile, labels in zip(points, groups, strict=True):
        names, codes = labels_of(labels)
        found.boxes.add(names, codes, tile)
        _check_number(column, len(found.boxes.counts))
        if owners is None:
            continue
        owner_names, owner_codes = labels_of(next(owners))
        for pair in np.unique(codes * len(owner_names) + owner_codes).tolist():
            group, owner = divmod(pair, len(owner_names))
            found.libraries.setdefault(names[group], set()).add(owner_names[owner])
    return found


def _check_number(column: str, n_groups: int) -> None:
    if n_groups > MOST_GROUPS:
        raise BadOptionError(
            f"--arrange-by must be a column with at most {MOST_GROUPS:,} groups; {column!r} has more"
        )


def _pictures(
    groups: tuple[GroupName, ...], found: _Found, libraries: Libraries
) -> dict[GroupName, ImageInfo]:
    """The image of each group whose cells all belong to one library, if its scale is known."""
    images = [info for info in libraries.images.values() if is_scaled(info)]
    if libraries.are_all_cells:
        return {group: info for group in groups for info in images}
    by_library = {info.library: info for info in images}
    pictures = {}
    for group in groups:
        owners = found.libraries.get(group, {group}) if libraries.column is not None else set()
        if len(owners) == 1 and (owner := next(iter(owners))) in by_library:
            pictures[group] = by_library[str(owner)]
    return pictures


def _field(box: Box, picture: ImageInfo | None) -> Box:
    """The box of a group: its cells and its image."""
    if picture is None or not picture.scale:
        return box
    return box.around(Box(0.0, 0.0, picture.width / picture.scale, picture.height / picture.scale))
