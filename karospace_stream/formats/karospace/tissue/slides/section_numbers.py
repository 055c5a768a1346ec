"""The number of the section that a slide lies under."""

from __future__ import annotations

from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.tissue.part import part_of
from karospace_stream.formats.karospace.tissue.sections.plan import SectionsPlan
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide


def section_number(job: KarospaceJob, slide: PlannedSlide) -> int | None:
    """The number among the sections of the bundle; None if the slide lies under all cells.

    That there is such a section was found out when the slide was planned.
    """
    if slide.section is None:
        return None
    return [name for name, _, _ in part_of(job.plan.tissue, SectionsPlan).items].index(slide.section)
