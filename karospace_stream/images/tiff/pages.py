"""The pages of a TIFF file, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.source.files.stream import AnyFile, open_stream
from karospace_stream.source.problems.unreadable import reason

_LARGEST_SEGMENT = 256 << 20
_MOST_PLANES = 10_000
#: Of the tag that says how colours are stored, what is no red, green and blue.
_OTHER_COLORS = {5: "CMYK", 8: "CIELAB", 9: "ICCLAB", 10: "ITULAB", 32844: "LogL", 32845: "LogLuv"}
#: Axes of a series that are taken for channels, the first one that is there.
_CHANNELS = ("C", "Q", "I", "R")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the largest image of a file.

    Attributes
    ----------
    planes
        The page of each channel.
    axes, shape
        Of the image, as tifffile names them.
    n_images
        Of the file, besides thumbnails and smaller copies.
    ome
        OME-XML of the file; empty if it has none.
    """

    planes: tuple[Any, ...]
    axes: str
    shape: tuple[int, ...]
    n_images: int
    ome: str

    @property
    def first(self) -> Any:
        """The first page, whose layout all have."""
        return self.planes[0]


def check_packages() -> None:
    """Reject TIFF files if what reads them is not installed.

    Raises
    ------
    BadOptionError
        Names the package, and how to install it.
    """
    for name in ("tifffile", "imagecodecs"):
        try:
            import_module(name)
        except ImportError as error:
            raise BadOptionError(
                f"--image: a TIFF file needs {name}, which is not installed; install it with: "
                "pip install 'karospace-stream[spatial]'"
            ) from error


@lru_cache(maxsize=32)
def open_pages(file: AnyFile) -> Pages:
    """Read what a file declares.

    Raises
    ------
    BadInputError
        If it is no TIFF file, is damaged or truncated, or of a kind that is not read.
    """
    import tifffile

    try:
        with open_stream(file) as stream, tifffile.TiffFile(stream) as tiff:
            pages = _largest(tiff)
            _check(pages, file.size)
            # What tifffile would read when it decodes, from a file that is closed then.
            for page in pages.planes:
                _ = page.jpegtables, page.jpegheader, page.colormap, page.decode
    except KaroSpaceError:
        raise
    except BadLayoutError as error:
        raise BadInputError(f"{file.path}: {error}") from error
    except Exception as error:  # tifffile raises anything
        raise BadInputError(f"{file.path} is no TIFF file, or is damaged: {reason(error)}") from error
    return pages


class BadLayoutError(ValueError):
    """A TIFF file that is not read; the message is the reason."""


def _largest(tiff: Any) -> Pages:
    several = [each for each in tiff.series if "Y" in each.axes and "X" in each.axes]
    if not several:
        raise BadLayoutError("it has no image")
    series = max(several, key=lambda each: _area(each.levels[0]))
    level = series.levels[0]
    axes, shape = level.axes, tuple(level.shape)
    in_page = {"Y", "X", "S"}
    leading = [(axis, length) for axis, length in zip(axes, shape, strict=True) if axis not in in_page]
    n_pages = 1
    for _, length in leading:
        n_pages *= length
    if n_pages != len(level.pages) or n_pages > _MOST_PLANES:
        raise BadLayoutError(
            f"its image of axes {axes} and shape {shape} is not stored page by page; save it as OME-TIFF"
        )
    channel = next((axis for name in _CHANNELS for axis, _ in leading if axis == name), "")
    numbers, step = [0], 1
    for axis, length in reversed(leading):
        if axis == channel:
            numbers = [step * number for number in range(length)]
        step *= length
    planes = tuple(level.pages[number].aspage() for number in numbers)
    full = [each for each in several if 4 * _area(each.levels[0]) > _area(level)]
    return Pages(planes, axes, shape, len(full), tiff.ome_metadata or "")


def _area(level: Any) -> int:
    sizes = dict(zip(level.axes, level.shape, strict=True))
    return int(sizes["Y"]) * int(sizes["X"])


def _check(pages: Pages, file_nbytes: int) -> None:
    """Compare what the pages declare with each other, and with the file."""
    first = pages.first
    for page in pages.planes:
        if page.shaped != first.shaped or page.dtype != first.dtype or page.dtype is None:
            raise BadLayoutError("its channels differ in size or type of values")
        if page.photometric in _OTHER_COLORS:
            raise BadLayoutError(
                f"its colours are stored as {_OTHER_COLORS[page.photometric]}; save it as RGB"
            )
        if page.imagedepth > 1 or 0 in page.shaped:
            raise BadLayoutError(f"it must be an image of two dimensions, got shape {page.shape}")
        n_segments = len(page.dataoffsets)
        if n_segments != _n_segments(page) or n_segments != len(page.databytecounts):
            raise BadLayoutError(
                f"its header declares {_n_segments(page):,} tiles or strips, but lists {n_segments:,}"
            )
        ends = zip(page.dataoffsets, page.databytecounts, strict=True)
        if max((start + count for start, count in ends if count), default=0) > file_nbytes:
            raise BadLayoutError("it is truncated; copy it again")
    if segment_nbytes(first) > _LARGEST_SEGMENT and not is_plain(first):
        raise BadLayoutError(
            f"its parts are compressed {segment_nbytes(first):,} bytes at a time; save it with tiles"
        )


def segment_shape(page: Any) -> tuple[int, int]:
    """Rows and columns of a tile, or of a strip."""
    if page.is_tiled:
        return int(page.tilelength), int(page.tilewidth)
    return min(int(page.rowsperstrip), int(page.imagelength)), int(page.imagewidth)


def segment_nbytes(page: Any) -> int:
    """Bytes of a tile or strip once it is decoded."""
    rows, columns = segment_shape(page)
    samples = page.samplesperpixel if page.planarconfig == 1 else 1
    return int(rows * columns * samples * page.dtype.itemsize)


def is_plain(page: Any) -> bool:
    """Whether it is strips of uncompressed values, whose rows can be read by themselves."""
    whole = page.bitspersample in (8, 16, 32, 64)
    return bool(not page.is_tiled and page.compression == 1 and page.predictor == 1 and whole)


def _n_segments(page: Any) -> int:
    rows, columns = segment_shape(page)
    separate = page.samplesperpixel if page.planarconfig != 1 else 1
    return int(-(-page.imagelength // rows) * -(-page.imagewidth // columns) * separate)
