"""Count the cells without coordinates in the embedding that is shown first."""

from __future__ import annotations

from karospace_stream.derive.points import has_position
from karospace_stream.formats.cells.tiles import read_coords
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.registry import format_of
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.select.without_coordinates import none_with_coordinates, some_without_coordinates

#: Coordinates of a file over the network are read before the run only if they have no more bytes.
MOST_REMOTE_NBYTES = 16_000_000


def check_coordinates(source: Source, formats: tuple[FormatPlan, ...]) -> tuple[Finding, ...]:
    """Find cells without finite coordinates, in one pass over the coordinates shown first.

    Raises
    ------
    BadInputError
        If no cell has coordinates, so that the export would show nothing.
    """
    found: dict[Finding, None] = {}  # several formats may say the same
    placed: dict[tuple[str, ...], int | None] = {}
    for each in formats:
        n_cells = each.selection.n_cells
        for choice in each.points:
            format = format_of(each.name)
            if choice.source not in placed:
                placed[choice.source] = count_placed(source, each.selection, choice)
            n_placed = placed[choice.source]
            if n_placed is None or n_placed == n_cells:
                continue
            if not n_placed and format.needs_coordinates:
                raise none_with_coordinates(source.catalog, choice)
            n_without = n_cells - n_placed
            fate = format.without_coordinates
            found[some_without_coordinates(source.catalog, choice, n_without, n_cells, fate)] = None
    return tuple(found)


def count_placed(source: Source, selection: Selection, choice: EmbeddingChoice) -> int | None:
    """Number of exported cells with finite coordinates; None if looking would transfer too much."""
    if source.catalog.remote and 4 * choice.n_dims * source.catalog.n_cells > MOST_REMOTE_NBYTES:
        return None
    with source.kept_open():
        tiles = read_coords(source, selection, choice, 0, selection.n_cells)
        return sum(int(has_position(tile).sum()) for tile in tiles)
