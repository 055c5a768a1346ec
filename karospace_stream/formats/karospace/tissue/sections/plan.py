"""Decide what a bundle says about the sections of a tissue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from karospace_stream.formats.cells.source_rows import is_moved
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.karospace.layout.parts import asset_nbytes, cuts
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.model.cell_sections import CellSections, GroupName
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.sections.spatial import spatial_embedding

ROW_NBYTES = 4
_TASK_CELLS = 4 * TILE  # of small sections that one task writes
_HELD = 16  # bytes a cell: coordinates and codes, and the same packed
_TILE_NBYTES = 64 * TILE  # coordinates and codes as read
_PACKED = Size(0.4, 1.0)
_ENTRY = Size(180, 320)  # of a section, in atlas and manifest


@dataclass(frozen=True, slots=True)
class SectionsPlan:
    """The sections with exported cells; see `TissuePart`.

    Attributes
    ----------
    sections
        All sections of the source.
    items
        Of each section: its name, its first exported cell, and the one after its last.
    embedding
        Number of the coordinates of the tissue.
    task_cuts
        Sections at which tasks begin, and their number.
    row_cuts
        Cells at which parts of `rows` begin; none if the cells are in the order of the source.
    """

    sections: CellSections
    items: tuple[tuple[GroupName, int, int], ...]
    embedding: int
    choice: EmbeddingChoice
    task_cuts: tuple[int, ...]
    row_cuts: tuple[int, ...]

    key = "sections"

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Those of the files of points, and of the rows."""
        largest = max((stop - start for _, start, stop in self.items), default=0)
        rows = max((stop - start for start, stop in pairwise(self.row_cuts)), default=0)
        n_tasks = len(self.task_cuts) + len(self.row_cuts)
        return (StageCost("sections", _TILE_NBYTES + _HELD * max(largest, rows), n_tasks),)

    @property
    def n_objects(self) -> int:
        """A file of each section, and parts of the rows."""
        return len(self.items) + max(0, len(self.row_cuts) - 1)

    @property
    def size(self) -> Size:
        """Coordinates, codes of one or two bytes, and rows."""
        n_cells = self.items[-1][2] if self.items else 0
        rows = ROW_NBYTES * n_cells if self.row_cuts else 0
        return Size(5 * n_cells, 6 * n_cells + rows).packed(_PACKED, when=True) + _ENTRY * len(self.items)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """None: which column was taken is said for all formats."""
        return ()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Nothing."""
        return ()


def plan_sections(source: Source, options: ExportOptions, selection: Selection) -> SectionsPlan | None:
    """The sections of a source that has its cells in their order."""
    sections = source.catalog.sections
    if sections is None:
        return None
    items = sections.ranges(selection.cells)
    number = _tissue_number(source, options, selection)
    limit = asset_nbytes(options.of(KarospaceOptions).max_asset_mb)
    moved = is_moved(sections, selection.cells)
    return SectionsPlan(
        sections=sections,
        items=items,
        embedding=number,
        choice=selection.embeddings[number],
        task_cuts=tuple(_task_cuts(items)),
        row_cuts=cuts(selection.n_cells, limit, ROW_NBYTES) if moved else (),
    )


def _tissue_number(source: Source, options: ExportOptions, selection: Selection) -> int:
    """The number of the coordinates of the tissue; 0 if there are none, and a user named the sections."""
    choice = spatial_embedding(source.catalog, options.coords, options.vectors)
    sources = [each.source for each in selection.embeddings]
    return sources.index(choice.source) if choice is not None and choice.source in sources else 0


def _task_cuts(items: tuple[tuple[GroupName, int, int], ...]) -> Iterator[int]:
    yield 0
    first = 0
    for number, (_, start, stop) in enumerate(items):
        if number and stop - items[first][1] > _TASK_CELLS and start > items[first][1]:
            yield number
            first = number
    if items:
        yield len(items)
