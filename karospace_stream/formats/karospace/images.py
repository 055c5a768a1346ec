"""Stage of the tissue images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from karospace_stream.encode.image import png_picture
from karospace_stream.formats.karospace.choices.pictures import read_picture
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import PlacedImage, Placement
from karospace_stream.model.blob import Receipt
from karospace_stream.model.sections import CellsImage, is_scaled
from karospace_stream.model.selection import Selection
from karospace_stream.select.coords import is_pixels


@dataclass(frozen=True, slots=True)
class WrittenImage:
    """One image as written; ``note`` tells how it was changed."""

    receipt: Receipt
    width: int
    height: int
    note: str = ""


def write_image(job: KarospaceJob, number: int) -> WrittenImage:
    """Write one image."""
    source = job.plan.pictures[number]
    if isinstance(source, str):
        picture = read_picture(source)
    else:
        picture = png_picture(job.source.image(source.library, source.resolution))
    name = names.image(picture.extension, None if is_single(job) else number)
    receipt = job.put(name, picture.data, picture.media_type)
    return WrittenImage(receipt, picture.width, picture.height, picture.note)


def is_single(job: KarospaceJob) -> bool:
    """Whether the image is that of the base layer: under all cells in the first embedding, or not placed."""
    if isinstance(job.plan.own.image, str):
        return True
    images, number = job.selection.images, _pixels_number(job.selection)
    is_for_all = [each.column for each in images] == [None]
    return is_for_all and (not number or not is_scaled(images[0].info))


def placed_images(job: KarospaceJob, written: Sequence[WrittenImage]) -> list[PlacedImage]:
    """Each image with its cells, and with its position under them, if known."""
    own = job.plan.own
    if isinstance(own.image, str):
        return [_placed(each, own.image_placement) for each in written]
    if not written:  # also while an export runs
        return []
    by_info = dict(zip(job.plan.pictures, written, strict=True))
    number = _pixels_number(job.selection)
    return [_with_cells(by_info[each.info], each, number) for each in job.selection.images]


def _with_cells(written: WrittenImage, image: CellsImage, number: int | None) -> PlacedImage:
    placement = None
    if number is not None and is_scaled(image.info):
        scale, (x, y) = image.info.scale or 0.0, image.shift
        placement = (scale, scale, -x * scale + 0.0, -y * scale + 0.0)
    return replace(
        _placed(written, placement),
        library=image.info.library,
        column=image.column,
        category=image.category,
        embedding=0 if number is None or placement is None else number,
    )


def _placed(written: WrittenImage, placement: Placement | None) -> PlacedImage:
    return PlacedImage(written.receipt.key, written.width, written.height, placement)


def _pixels_number(selection: Selection) -> int | None:
    """Number of the embedding whose coordinates are pixels of the slide; None if there is none."""
    fitting = (number for number, choice in enumerate(selection.embeddings) if is_pixels(choice))
    return next(fitting, None)
