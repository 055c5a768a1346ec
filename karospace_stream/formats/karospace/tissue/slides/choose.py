"""Choose the slides of a bundle: images of the input, or files that the user names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.slides.embedding import TissuePlace
from karospace_stream.formats.karospace.tissue.slides.known_sections import KnownSections, unexported
from karospace_stream.formats.karospace.tissue.slides.named import named_slide
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.karospace.tissue.slides.refer import referred_to
from karospace_stream.formats.left_out import name_some
from karospace_stream.images.affine import after_shift, of_placement
from karospace_stream.images.slide import Affine
from karospace_stream.images.stored import StoredSlide, library_image
from karospace_stream.model.finding import Finding
from karospace_stream.model.sections import Arrangement, CellsImage, is_scaled
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
        If a file that the user names cannot be read, or is for a section that the input does not have.
    """
    own, chosen = options.of(KarospaceOptions), ChosenSlides()
    place = TissuePlace.of(source, options, selection)
    known = KnownSections.of(source, selection)
    for each in own.images:
        if each.section is not None and not known.has(each.section):
            chosen.findings.append(unexported(each.section))
            continue
        slide, findings = named_slide(each, options, place)
        chosen.findings += findings
        if slide is not None:
            chosen.slides.append(slide)
    if own.image is None:
        chosen.slides += _of_libraries(source, selection, place)
        _add_stored(chosen, source, options, selection, place, known)
    return chosen


def _add_stored(
    chosen: ChosenSlides,
    source: Source,
    options: ExportOptions,
    selection: Selection,
    place: TissuePlace,
    known: KnownSections,
) -> None:
    """Add the images of a store of several elements that lie under its cells."""
    own, sources = options.of(KarospaceOptions), [each.source for each in selection.embeddings]
    unplaced: list[StoredSlide] = []
    for each in source.slides:
        key = ("obsm", each.embedding)
        section = known.value_of(each.section)
        if section is not None and section not in known.exported:
            chosen.findings.append(unexported(section))
            continue
        to_pixel = _moved(each, section, place.arrangement, key)
        if to_pixel is None or key not in sources:
            unplaced.append(each)
            continue
        path = f"{source.catalog.location}/{each.path}"
        referred, refused = referred_to(own, each.name, path, options.storage_options)
        chosen.findings += refused
        facts = each.image.facts
        notes = (Finding("image-changed", f"the image {each.name}: {note}") for note in facts.notes)
        chosen.findings += notes
        number, microns = sources.index(key), place.microns_of(to_pixel, facts)
        chosen.slides.append(
            PlannedSlide(each.name, each.image, section, number, to_pixel, microns, *referred)
        )
    if unplaced:
        chosen.findings.append(_left_out(unplaced))


def _moved(
    stored: StoredSlide, section: str | None, arrangement: Arrangement | None, key: tuple[str, str]
) -> Affine | None:
    """The map of an image to where its cells are in the bundle; None if they are not in one place."""
    if stored.to_pixel is None or (stored.is_only_there and section is None):
        return None
    if arrangement is None or arrangement.source != key:
        return stored.to_pixel
    if stored.section is None or stored.section[0] != arrangement.column:
        return None
    return after_shift(stored.to_pixel, arrangement.shift(stored.section[1]))


def _left_out(slides: Sequence[StoredSlide]) -> Finding:
    """The finding about images of a store that lie nowhere."""
    listed = name_some([each.name for each in slides], 3)
    own = next((each.section[0] for each in slides if each.is_only_there and each.section is not None), "")
    if own:
        text = (
            f"images of the store ({listed}) are left out: each belongs to the cells of one value of "
            f"obs[{own!r}], which are no sections here"
        )
        return Finding("images-left-out", text, "section", own)
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
