"""Plan the slides of a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.slides.choose import choose_slides
from karospace_stream.formats.karospace.tissue.slides.layout import KEY
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

_DESCRIBED_NBYTES = 1_000  # of a tile, in the result of its task and in the manifest
_ENTRY = Size(300, 1500)


@dataclass(frozen=True, slots=True)
class SlidesPart:
    """The slides of a bundle; see `TissuePart`."""

    slides: tuple[PlannedSlide, ...]
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    key = KEY

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Memory of the largest task, and how many there are."""
        described = _DESCRIBED_NBYTES * self.n_objects
        largest = max(slide.task_nbytes for slide in self.slides)
        return (StageCost("slides", largest + described, sum(slide.n_tasks for slide in self.slides)),)

    @property
    def n_objects(self) -> int:
        """Tiles."""
        return sum(slide.n_tiles for slide in self.slides)

    @property
    def size(self) -> Size:
        """Of all tiles, and of their entries."""
        return sum((slide.size + _ENTRY for slide in self.slides), Size())

    @property
    def scratch_nbytes(self) -> int:
        """What tasks pass on."""
        return sum(slide.scratch_nbytes for slide in self.slides)

    @property
    def seconds(self) -> float:
        """Of all slides."""
        return sum(slide.seconds for slide in self.slides)

    @property
    def fingerprint(self) -> str:
        """Of the files that the user names."""
        return "\n".join(slide.fingerprint for slide in self.slides)


def plan_slides(source: Source, options: ExportOptions, selection: Selection) -> SlidesPart | None:
    """Plan the slides; None if there are none.

    Raises
    ------
    BadOptionError
        If an image that the user names cannot be read, or lies nowhere.
    """
    chosen = choose_slides(source, options, selection)
    return SlidesPart(tuple(chosen.slides), tuple(chosen.findings)) if chosen.slides else None


def unused_slides(source: Source, options: ExportOptions, selection: Selection) -> Iterator[Finding]:
    """Say why an input has images of which none is in the bundle, if that is so."""
    if source.slides or options.of(KarospaceOptions).images:
        yield from choose_slides(source, options, selection).findings
