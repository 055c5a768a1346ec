"""Which tissue image: a file that the user names, or one of the source."""

from __future__ import annotations

import math

from karospace_stream.encode.image import Picture, probe_picture
from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog, ImageInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.select.coords import is_pixels
from karospace_stream.storage import read_regular

_MOST_NBYTES = 256 << 20  # of an image that is copied unchanged; browsers open no larger ones
MOST_PIXELS = 8192 * 8192  # that the page decodes, see viewer/src/bundle/pictures.ts


def chosen_image(catalog: Catalog) -> ImageInfo | None:
    """The first library's ``hires`` image, else its ``lowres`` one, as schema 1.0.0 has it."""
    for resolution in ("hires", "lowres"):
        for info in catalog.images:
            if info.library == catalog.images[0].library and info.resolution == resolution:
                return info
    return None


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
        raise BadOptionError(f"--image {path}: cannot be read: {error.strerror or error}") from error
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
    """Diameter of a spot, in the units of an embedding; None if unknown."""
    info = chosen_image(catalog)
    known = None if info is None else info.spot_diameter
    known = catalog.spot_diameter if known is None else known
    is_known = known is not None and math.isfinite(known) and known > 0 and is_pixels(choice)
    return known if is_known else None
