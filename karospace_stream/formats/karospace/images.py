"""Stage of the tissue image."""

from __future__ import annotations

import math

from karospace_stream.encode.image import png_picture
from karospace_stream.formats.karospace.choices.pictures import chosen_image, read_picture
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import PlacedImage
from karospace_stream.model.blob import Receipt
from karospace_stream.select.coords import is_pixels


def write_image(job: KarospaceJob) -> tuple[Receipt, PlacedImage] | None:
    """Write the image, if any, and return its position under the cells, if known."""
    own = job.plan.own
    if own.image is False:
        return None
    placement = own.image_placement
    if isinstance(own.image, str):
        picture = read_picture(own.image)
    else:
        info = chosen_image(job.source.catalog)
        if info is None:
            return None
        picture = png_picture(job.source.image(info.library, info.resolution))
        if info.scale is not None and math.isfinite(info.scale) and is_pixels(job.selection.embeddings[0]):
            placement = (info.scale, info.scale, 0.0, 0.0)
    receipt = job.put(names.image(picture.extension), picture.data, picture.media_type)
    return receipt, PlacedImage(receipt.key, picture.width, picture.height, placement, picture.note)
