"""Slides from files that the user names."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.slides.embedding import TissuePlace
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.karospace.tissue.slides.refer import referred_to
from karospace_stream.formats.karospace.tissue.slides.transforms import read_matrix
from karospace_stream.images.affine import after_shift, of_matrix, of_placement
from karospace_stream.images.open_file import fingerprint_of, open_image
from karospace_stream.images.slide import Affine, SlideFacts
from karospace_stream.model.finding import Finding
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.named_images import NamedImage

_SMALL = 2048


def named_slide(
    named: NamedImage, options: ExportOptions, place: TissuePlace
) -> tuple[PlannedSlide | None, list[Finding]]:
    """The slide of a file, and what to say about it; None for a picture that is shown as it is.

    Raises
    ------
    BadOptionError
        If it cannot be read.
    """
    own = options.of(KarospaceOptions)
    try:
        image = open_image(named.path, options.storage_options)
    except BadInputError as error:
        if _is_other_picture(named, own):
            return None, []
        raise BadOptionError(f"--image: {error}") from error
    if _is_other_picture(named, own) and max(image.facts.height, image.facts.width) <= _SMALL:
        return None, []
    to_pixel, findings = _map_of(named, own, image.facts, place)
    if to_pixel is not None:
        to_pixel = after_shift(to_pixel, place.shift_of(named.section))
    name = named.section or PurePath(named.path.rstrip("/")).name
    findings += [Finding("image-changed", f"the image {name}: {note}", "image") for note in image.facts.notes]
    referred, refused = referred_to(own, name, named.path, options.storage_options)
    microns = place.microns_of(to_pixel, image.facts)
    fingerprint = fingerprint_of(image, named.path, options.storage_options)
    slide = PlannedSlide(
        name, image, named.section, place.number, to_pixel, microns, *referred, fingerprint=fingerprint
    )
    return slide, findings + refused


def _is_other_picture(named: NamedImage, own: KarospaceOptions) -> bool:
    """Whether it is the one picture that goes into the bundle as it is, as ever."""
    from karospace_stream.images.open_file import is_picture

    return isinstance(own.image, str) and is_picture(named.path)


def _map_of(
    named: NamedImage, own: KarospaceOptions, facts: SlideFacts, place: TissuePlace
) -> tuple[Affine | None, list[Finding]]:
    """From coordinates to pixels: as the user says, or by the size of a pixel that the file states."""
    if named.matrix:
        return of_matrix(read_matrix(named.matrix)), []
    if len(named.numbers) == 6:
        return of_matrix(np.reshape(named.numbers, (2, 3))), []
    scales = named.numbers or own.image_placement
    if scales:
        sx, sy, ox, oy = scales
        return of_placement(sx, sy, ox, oy), []
    what = f"the image of {named.section!r}" if named.section else "the image"
    if facts.microns_per_pixel is not None and place.microns_per_unit is not None:
        scale = place.microns_per_unit / facts.microns_per_pixel
        text = (
            f"{what} is placed by the size of its pixels, {facts.microns_per_pixel:g} µm, with its corner at "
            "the origin of the coordinates"
        )
        return of_placement(scale, scale, 0.0, 0.0), [
            Finding("image-placed-by-size", text, *_way_out(named, own))
        ]
    text = f"{what} is beside the cells, not under them, as nothing tells where it belongs"
    return None, [Finding("image-not-placed", text, *_way_out(named, own))]


def _way_out(named: NamedImage, own: KarospaceOptions) -> tuple[str, str | None]:
    """The option that places an image: a place of its own, if it is one of several or of one section."""
    if named.section is None and isinstance(own.image, str):
        return "image_placement", None
    section = "" if named.section is None else f"{named.section}="
    return "image", f"{section}{named.path}@SX,SY,OX,OY"
