"""The tissue image, from a file named by the user or from the source."""

from __future__ import annotations

import math

from karospace_stream.encode.image import Picture, png_picture, probe_picture
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import PlacedImage
from karospace_stream.model.blob import Receipt
from karospace_stream.model.catalog import Catalog, ImageInfo
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
        raise BadOptionError(f"--image {path}: could not be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadOptionError(f"--image: {error}") from error


def size_notes(width: int, height: int, what: str) -> tuple[str, ...]:
    """Notes about an image that the page does not draw; it is exported all the same."""
    if width * height <= MOST_PIXELS:
        return ()
    return (
        f"{what} has {width:,} x {height:,} pixels; the page draws no image of more than {MOST_PIXELS:,}, so "
        "it will not be shown: give a smaller one with --image",
    )


def write_image(job: KarospaceJob) -> tuple[Receipt, PlacedImage] | None:
    """Write the image, if any, and return its position under the cells, if known."""
    if job.image is False:
        return None
    placement = job.image_placement
    if isinstance(job.image, str):
        picture = read_picture(job.image)
    else:
        info = chosen_image(job.source.catalog)
        if info is None:
            return None
        picture = png_picture(job.source.image(info.library, info.resolution))
        if info.scale is not None and math.isfinite(info.scale) and is_pixels(job.selection.embeddings[0]):
            placement = (info.scale, info.scale, 0.0, 0.0)
    receipt = job.put(names.image(picture.extension), picture.data, picture.media_type)
    return receipt, PlacedImage(receipt.key, picture.width, picture.height, placement, picture.note)


def spot_diameter(catalog: Catalog, choice: EmbeddingChoice) -> float | None:
    """Diameter of a spot, in the units of an embedding; None if unknown."""
    info = chosen_image(catalog)
    known = None if info is None else info.spot_diameter
    known = catalog.spot_diameter if known is None else known
    is_known = known is not None and math.isfinite(known) and known > 0 and is_pixels(choice)
    return known if is_known else None
