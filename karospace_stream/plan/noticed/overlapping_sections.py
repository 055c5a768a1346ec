"""Sections of a tissue that lie on top of each other."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.sections.overlapping import find_overlapping
from karospace_stream.select.sections.spatial import spatial_embedding


def overlapping_sections(look: Look) -> Iterator[Finding]:
    """Whether a column has groups that overlap in the coordinates of the tissue, and nothing moves them."""
    options = look.options
    if options.arrange_by is not None:
        return
    try:
        choice = spatial_embedding(look.catalog, options.coords, options.vectors)
    except BadOptionError:  # which the formats say
        return
    found = None if choice is None else find_overlapping(look.source, choice)
    if choice is None or found is None:
        return
    sections = look.catalog.sections
    # Then the page shows each apart, and all together only if somebody wishes.
    apart = "karospace" in options.formats and sections is not None and sections.column == found.column
    where = " where all are shown at once" if apart else ""
    text = (
        f"{found.n_groups} sections lie on top of each other{where}: in {choice.spelling}, {found.share:.0%} "
        f"of the cells lie where another group of {found.column!r} has cells too"
    )
    yield Finding("overlapping-sections", text, "arrange_by", found.column)
