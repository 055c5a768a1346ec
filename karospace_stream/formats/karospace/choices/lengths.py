"""The length of a unit of the coordinates of a tissue."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.karospace.choices.pictures import microns_per_unit
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.sections.spatial import spatial_embedding


def tissue_number(
    catalog: Catalog, options: ExportOptions, embeddings: Sequence[EmbeddingChoice]
) -> int | None:
    """Number of the embedding that is the tissue; None if there is none."""
    chosen = spatial_embedding(catalog, options.coords, options.vectors)
    sources = [each.source for each in embeddings]
    return sources.index(chosen.source) if chosen is not None and chosen.source in sources else None


def unit_of(
    catalog: Catalog, options: ExportOptions, embeddings: Sequence[EmbeddingChoice], number: int
) -> float | None:
    """Micrometres of a unit of an embedding, as the user says for a tissue, or the file; None if unknown."""
    given = options.of(KarospaceOptions).pixel_size
    if given is not None and number == tissue_number(catalog, options, embeddings):
        return given
    return microns_per_unit(catalog, embeddings[number])


def unit_findings(
    catalog: Catalog, options: ExportOptions, embeddings: Sequence[EmbeddingChoice]
) -> tuple[Finding, ...]:
    """Say what becomes of a length that the user gives."""
    given = options.of(KarospaceOptions).pixel_size
    if given is None:
        return ()
    number = tissue_number(catalog, options, embeddings)
    if number is None:
        text = "no embedding is of a tissue, so the length of a unit of its coordinates has no effect"
        return (Finding("pixel-size-without-tissue", text, "pixel_size"),)
    stated = microns_per_unit(catalog, embeddings[number])
    if stated is None or stated == given:
        return ()
    text = f"a unit of the coordinates is taken as {given:g} µm, although the file says {stated:g} µm"
    return (Finding("pixel-size-replaced", text, "pixel_size"),)
