"""Findings and errors about cells without finite coordinates, for both plan and run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from karospace_stream.errors import BadInputError, NoCoordinatesError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import list_drawable

_NAMED = 3


def some_without_coordinates(
    catalog: Catalog, choice: EmbeddingChoice, n_without: int, n_cells: int, without_coordinates: str
) -> Finding:
    """The finding about some or all cells.

    Parameters
    ----------
    without_coordinates
        What becomes of them, as the end of a sentence.
    """
    others = _others(catalog, choice)
    if n_without == n_cells:
        text = f"no cell has finite coordinates in {choice.spelling}: they {without_coordinates}"
    else:
        have = "have" if n_without > 1 else "has"
        text = f"{n_without:,} of {n_cells:,} cells {have} no finite coordinates in {choice.spelling}"
        text += f": they {without_coordinates}"
    return Finding("cells-without-place", text, "coords" if others else "", others[0] if others else None)


def others_first(empty: Sequence[str], shown: str) -> Finding:
    """The finding that other coordinates are shown first, since those before them hold no cell."""
    text = f"no cell has finite coordinates in {' or '.join(empty)}: {shown} is shown first instead"
    return Finding("other-coordinates", text, "coords")


def not_suggested(finding: Finding, empty: Sequence[str]) -> Finding:
    """The finding without a suggestion of coordinates that hold no cell."""
    return replace(finding, option="", value=None) if finding.value in empty else finding


def none_at_all(catalog: Catalog, empty: Sequence[str]) -> BadInputError:
    """The error for a file none of whose coordinates has a cell."""
    return BadInputError(
        f"{catalog.location}: coordinates must be finite to draw the cells, but those in "
        f"{', '.join(empty)} are NaN or infinite for every cell; compute an embedding"
    )


def none_with_coordinates(catalog: Catalog, choice: EmbeddingChoice) -> NoCoordinatesError:
    """The error for an export that would show nothing."""
    others = _others(catalog, choice)
    ways = f"draw others with --coords {' or '.join(others[:_NAMED])}" if others else "compute an embedding"
    error = NoCoordinatesError(
        f"{catalog.location}: coordinates must be finite to draw the cells, but those in {choice.spelling} "
        f"are NaN or infinite for every cell; {ways}"
    )
    error.coords = choice.spelling
    return error


def _others(catalog: Catalog, choice: EmbeddingChoice) -> list[str]:
    return [other.spelling for other in list_drawable(catalog) if other.source != choice.source]
