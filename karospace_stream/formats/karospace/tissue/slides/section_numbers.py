"""The number of the section that a slide lies under."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.model.cell_sections import GroupName
from karospace_stream.model.finding import Finding


@runtime_checkable
class HasSections(Protocol):
    """The part of a plan that has the sections."""

    @property
    def items(self) -> tuple[tuple[GroupName, int, int], ...]:
        """Of each section: its name, its first exported cell, and the one after its last."""
        ...


def section_number(job: KarospaceJob, slide: PlannedSlide) -> tuple[int | None, tuple[Finding, ...]]:
    """The number among the sections of the bundle; None if the slide lies under all cells."""
    if slide.section is None:
        return None, ()
    names = [item[0] for part in job.plan.tissue if isinstance(part, HasSections) for item in part.items]
    if slide.section in names:
        return names.index(slide.section), ()
    text = f"no section is called {slide.section!r}, so the image {slide.name!r} lies under all cells"
    return None, (Finding("image-without-section", text, "image"),)
