"""The coordinates that slides lie under, their length, and the shifts of sections."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.karospace.choices.lengths import tissue_number, unit_of
from karospace_stream.images.affine import scale_of
from karospace_stream.images.slide import Affine, SlideFacts
from karospace_stream.model.sections import Arrangement
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.coords import is_pixels


@dataclass(frozen=True, slots=True)
class TissuePlace:
    """The coordinates of the tissue.

    Attributes
    ----------
    number
        Of the embedding; the first one if none is of a tissue.
    pixels
        Number of the embedding whose coordinates are pixels of the full image; None if there is none.
    microns_per_unit
        None if unknown.
    """

    number: int
    pixels: int | None
    microns_per_unit: float | None
    arrangement: Arrangement | None

    @classmethod
    def of(cls, source: Source, options: ExportOptions, selection: Selection) -> TissuePlace:
        """Find the coordinates."""
        number = tissue_number(source.catalog, options, selection.embeddings) or 0
        fitting = (each for each, choice in enumerate(selection.embeddings) if is_pixels(choice))
        microns = unit_of(source.catalog, options, selection.embeddings, number)
        return cls(number, next(fitting, None), microns, selection.arrangement)

    def shift_of(self, section: str | None) -> tuple[float, float]:
        """By how much a section was moved."""
        return (0.0, 0.0) if self.arrangement is None else self.arrangement.shift(section)

    def microns_of(self, to_pixel: Affine | None, facts: SlideFacts) -> float | None:
        """Micrometres of a pixel: as the file states them, or from the length of a unit."""
        if facts.microns_per_pixel is not None:
            return facts.microns_per_pixel
        if to_pixel is None or self.microns_per_unit is None:
            return None
        return self.microns_per_unit / scale_of(to_pixel)
