"""An image of a TIFF file as a `WindowedImage`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.images.slide import Pixels, SlideChannel, SlideFacts
from karospace_stream.images.tiff.ome import described
from karospace_stream.images.tiff.pages import (
    Pages,
    check_packages,
    is_plain,
    open_pages,
    segment_nbytes,
    segment_shape,
)
from karospace_stream.images.tiff.window import read_window
from karospace_stream.images.values import as_channel, as_colors, tile_dtype
from karospace_stream.source.files.stream import AnyFile

_WHITE_IS_ZERO, _PALETTE = 0, 3
_COLORS = (2, 6)  # RGB, YCbCr
_SHORT = 65_535


@dataclass(frozen=True, slots=True)
class TiffImage:
    """The largest image of a TIFF file; see `WindowedImage`."""

    file: AnyFile
    facts: SlideFacts

    @classmethod
    def of(cls, file: AnyFile) -> TiffImage:
        """Describe an image; reads the directories of the file only.

        Raises
        ------
        BadInputError
            If it cannot be read.
        BadOptionError
            If a package is not installed.
        """
        check_packages()
        return cls(file, _facts(file, open_pages(file)))

    def read(self, channel: int, rows: slice, columns: slice) -> Pixels:
        """A window; see the protocol."""
        pages = open_pages(self.file)
        sample = 0
        page = pages.first
        if self.facts.channels:
            number, sample = divmod(channel, page.samplesperpixel)
            page = pages.planes[number]
        values = read_window(self.file, page, rows, columns)
        if self.facts.channels:
            return as_channel(_upright(page, values[:, :, sample]), self.facts.dtype)
        if page.photometric == _PALETTE:
            return as_colors(np.moveaxis(page.colormap[:, values[:, :, 0]], 0, 2), _SHORT)
        most = 1 if values.dtype.kind == "f" else np.iinfo(values.dtype).max
        return as_colors(values[:, :, : self.facts.samples], most)


def _upright(page: Any, values: Pixels) -> Pixels:
    if page.photometric == _WHITE_IS_ZERO and values.dtype.kind == "u":
        flipped: Pixels = np.iinfo(values.dtype).max - values
        return flipped
    return values


def _facts(file: AnyFile, pages: Pages) -> SlideFacts:
    page = pages.first
    dtype = tile_dtype(page.dtype)
    if not dtype:
        raise BadInputError(f"{file.path}: its values must be numbers, got {page.dtype}")
    about = described(pages.ome)
    n_samples = page.samplesperpixel
    has_colors = len(pages.planes) == 1 and page.dtype.kind in "uf"
    is_rgb = has_colors and (
        (page.photometric in _COLORS and n_samples in (3, 4)) or page.photometric == _PALETTE
    )
    names = about.channels if len(about.channels) == n_samples * len(pages.planes) else ()
    several = tuple(SlideChannel(f"channel {number + 1}") for number in range(n_samples * len(pages.planes)))
    rows, columns = segment_shape(page)
    if is_plain(page):
        rows = 1
    return SlideFacts(
        height=page.imagelength,
        width=page.imagewidth,
        dtype="uint8" if is_rgb else dtype,
        samples=(4 if n_samples == 4 else 3) if is_rgb else 0,
        channels=() if is_rgb else names or several,
        block=(rows, columns),
        read_nbytes=(32 << 20 if is_plain(page) else 3 * segment_nbytes(page)),
        microns_per_pixel=about.microns_per_pixel,
        notes=tuple(_notes(pages, dtype, is_rgb)),
    )


def _notes(pages: Pages, dtype: str, is_rgb: bool) -> Iterator[str]:
    page = pages.first
    turned = page.tags.valueof("Orientation", 1)
    if turned in range(2, 9):
        yield f"it lies as it is stored, though its file says that programs should turn it ({turned})"
    if is_rgb and page.dtype != np.uint8 and page.photometric != _PALETTE:
        yield f"its colours are stored as {page.dtype} and are written with 8 bits"
    if not is_rgb and dtype != page.dtype.name:
        yield f"its values are stored as {page.dtype} and are written as {dtype}"
    if pages.n_images > 1:
        yield f"the file has {pages.n_images} images of this size, of which the first is read"
    sizes = dict(zip(pages.axes, pages.shape, strict=True))
    deep = [f"{sizes[axis]} {what}" for axis, what in (("Z", "planes"), ("T", "times")) if axis in sizes]
    if deep:
        yield f"it has {' and '.join(deep)}, of which the first is read"
