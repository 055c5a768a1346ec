"""A default embedding that the file names but does not have."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.look import Look
from karospace_stream.select.coords import default_embedding


def missing_default(look: Look) -> Iterator[Finding]:
    """A finding if ``uns["default_embedding"]`` names no entry of obsm that can be drawn."""
    named, options = look.catalog.default_embedding, look.options
    if named and options.coords == "auto" and default_embedding(look.catalog, options.vectors) is None:
        text = f"uns['default_embedding'] names {named[:80]!r}, but obsm has no such embedding to draw"
        yield Finding("no-default-embedding", text, "coords")
