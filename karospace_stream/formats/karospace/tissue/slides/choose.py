"""Choose the slides of a bundle: images of the input, or files that the user names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.slides.embedding import TissuePlace
from karospace_stream.formats.karospace.tissue.slides.named import named_slide, url_of
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.left_out import name_some
from karospace_stream.images.affine import after_shift, of_placement
from karospace_stream.images.stored import library_image
from karospace_stream.model.finding import Finding
from karospace_stream.model.sections import CellsImage, is_scaled
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: Pixels on a side up to which an image of uns is a file of its own only.
ONE_SCREEN = 2048


@dataclass(slots=True)
class ChosenSlides:
    """The slides, and what is to be said about them."""

    slides: list[PlannedSlide] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def choose_slides(source: Source, options: ExportOptions, selection: Selection) -> ChosenSlides:
    """Choose the slides; reads headers of files only.

    Raises
    ------
    BadOptionError
        If a file that the user names cannot be read.
    """
    own, chosen = options.of(KarospaceOptions), ChosenSlides()
    place = TissuePlace.of(source, options, selection)
    for each in own.images:
        slide, findings = named_slide(each, options, place)
        chosen.findings += findings
        if slide is not None:
            chosen.slides.append(slide)
    if own.image is None:
        chosen.slides += _of_libraries(source, selection, place)
        _add_stored(chosen, source, own, selection, place)
    return chosen


def _add_stored(
    chosen: ChosenSlides, source: Source, own: KarospaceOptions, selection: Selection, place: TissuePlace
) -> None:
    """Add the images of a store of several elements that lie under its cells."""
    sources = [each.source for each in selection.embeddings]
    unplaced = []
    for each in source.slides:
        key = ("obsm", each.embedding)
        if each.to_pixel is None or key not in sources:
            unplaced.append(each.name)
            continue
        url = ""
        if own.image_mode == "refer":
            url, refused = url_of(f"{source.catalog.location}/{each.path}")
            chosen.findings += refused
        facts = each.image.facts
        notes = (Finding("image-changed", f"the image {each.name}: {note}") for note in facts.notes)
        chosen.findings += notes
        number, microns = sources.index(key), place.microns_of(each.to_pixel, facts)
        chosen.slides.append(PlannedSlide(each.name, each.image, None, number, each.to_pixel, microns, url))
    if unplaced and chosen.slides:
        chosen.findings.append(left_out(unplaced))


def left_out(names: Sequence[str]) -> Finding:
    """The finding about images of a store that lie nowhere."""
    listed = name_some(names, 3)
    text = f"images of the store ({listed}) are left out: how they lie under the cells is not known"
    return Finding("images-left-out", text)


def _of_libraries(source: Source, selection: Selection, place: TissuePlace) -> Iterator[PlannedSlide]:
    """Images of uns that are larger than a screen: smaller ones are shown as they are."""
    for each in selection.images:
        if max(each.info.height, each.info.width) > ONE_SCREEN:
            yield _of_library(source, each, place)


def _of_library(source: Source, each: CellsImage, place: TissuePlace) -> PlannedSlide:
    info = each.info
    image = library_image(source.image_array(info.library, info.resolution))
    to_pixel = None
    if is_scaled(info) and place.pixels is not None and info.scale is not None:
        to_pixel = after_shift(of_placement(info.scale, info.scale, 0.0, 0.0), each.shift)
    return PlannedSlide(
        name=f"{info.library} {info.resolution}",
        image=image,
        section=each.category if each.column is not None else None,
        embedding=place.pixels if to_pixel is not None and place.pixels is not None else 0,
        to_pixel=to_pixel,
        microns_per_pixel=place.microns_of(to_pixel, image.facts),
    )
