"""Choose the tissue images: a file that the user names, or those of the source."""

from __future__ import annotations

import math
from collections.abc import Sequence

from karospace_stream.encode.image import Picture, probe_picture
from karospace_stream.errors import BadOptionError
from karospace_stream.images.open_file import is_picture
from karospace_stream.model.catalog import Catalog, ImageInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.sections import CellsImage
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import is_pixels
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.source.common_lengths import common_diameter
from karospace_stream.storage import read_regular

_MOST_NBYTES = 256 << 20  # of an image that is copied unchanged; browsers open no larger ones
MOST_PIXELS = 8192 * 8192  # that the page decodes, see viewer/src/bundle/pictures.ts


def pictures_of(
    image: str | tuple[str, ...] | bool | None, images: Sequence[CellsImage]
) -> tuple[str | ImageInfo, ...]:
    """The images to write as they are, each once: a file that the user names, or images of the source.

    What browsers do not draw is a slide only; so are the images of several sections.
    """
    if image is not None:
        return (image,) if isinstance(image, str) and is_picture(image) else ()
    return tuple(dict.fromkeys(each.info for each in images))


def read_picture(path: str) -> Picture:
    """Read and check the file of ``--image PATH``.

    Raises
    ------
    BadOptionError
        If it is missing, or not an image that a browser draws.
    """
    try:
        return probe_picture(read_regular(path, _MOST_NBYTES), path)
    except OSError as error:
        hint = did_you_mean_path(path) if isinstance(error, FileNotFoundError) else ""
        raise BadOptionError(f"--image {path}: cannot be read: {error.strerror or error}{hint}") from error
    except ValueError as error:
        raise BadOptionError(f"--image: {error}") from error


def too_large(width: int, height: int, what: str) -> tuple[Finding, ...]:
    """A finding about an image that the page does not draw; it is exported all the same."""
    if width * height <= MOST_PIXELS:
        return ()
    text = (
        f"{what} has {width:,} x {height:,} pixels; the page draws at most {MOST_PIXELS:,}, so "
        "it will not be shown; give a smaller one"
    )
    return (Finding("large-image", text, "image"),)


def spot_diameter(catalog: Catalog, choice: EmbeddingChoice) -> float | None:
    """Diameter of a spot, in the units of an embedding; None if unknown, or if it differs by library."""
    stated = [info.spot_diameter for info in catalog.images if info.spot_diameter is not None]
    known = common_diameter(stated) if stated else catalog.spot_diameter
    is_known = known is not None and math.isfinite(known) and known > 0 and is_pixels(choice)
    return known if is_known else None


def spot_angle(catalog: Catalog, choice: EmbeddingChoice) -> float | None:
    """Radians by which square spots are turned; None if spots are discs, or of unknown size."""
    return None if spot_diameter(catalog, choice) is None else catalog.spot_angle


def microns_per_unit(catalog: Catalog, choice: EmbeddingChoice) -> float | None:
    """Length of a unit of an embedding, for a scale bar; None if unknown.

    Only what the file states: a spot has no known length, since ``spot_diameter_fullres`` is that of spots of
    65 µm in Visium, of bins in Visium HD, and whatever another program put there.
    """
    return catalog.microns_per_pixel if is_pixels(choice) else None
