"""Which parts of a tissue go into a bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from karospace_stream.formats.karospace.tissue.part import TissuePart
from karospace_stream.formats.karospace.tissue.sections.plan import plan_sections
from karospace_stream.formats.karospace.tissue.shapes.plan import plan_shapes
from karospace_stream.formats.karospace.tissue.slides.plan import SlidesPart, plan_slides, unused_slides
from karospace_stream.formats.karospace.tissue.transcripts.part import plan_transcripts, unused_transcripts
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: Each plans one part, or nothing if the input has none; in the order of ``atlas.json``.
PLANNERS: Sequence[Callable[[Source, ExportOptions, Selection], TissuePart | None]] = (
    plan_sections,
    plan_slides,
    plan_shapes,
    plan_transcripts,
)


def plan_tissue(source: Source, options: ExportOptions, selection: Selection) -> tuple[TissuePart, ...]:
    """Plan all parts, for a selection with its columns and embeddings."""
    several = (planner(source, options, selection) for planner in PLANNERS)
    return tuple(each for each in several if each is not None)


def unused_parts(
    source: Source, options: ExportOptions, selection: Selection, tissue: Sequence[TissuePart]
) -> tuple[Finding, ...]:
    """Findings about parts of a tissue that the input has, and that are left out."""
    has_slides = any(isinstance(part, SlidesPart) for part in tissue)
    slides = () if has_slides else unused_slides(source, options, selection)
    return (*unused_transcripts(source, options), *slides)
