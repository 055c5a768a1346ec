"""A picture of any size, read by windows: what every file of images looks like to who cuts it into tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy.typing as npt

#: ``(a, b, c, d, e, f)``: x of the pixel = a x + b y + c, y of the pixel = d x + e y + f.
Affine = tuple[float, float, float, float, float, float]
Pixels = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class SlideChannel:
    """One channel; its colour as ``#rrggbb``, empty if the file does not say."""

    name: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class SlideFacts:
    """What is known of a picture without reading its pixels.

    Attributes
    ----------
    height, width
        Of the full size.
    dtype
        Of the values as they are read: ``uint8``, ``uint16`` or ``float32``.
    samples
        3 or 4 for a picture in colours, with or without transparency; 0 for channels.
    channels
        Names and colours; empty for a picture in colours.
    block
        Rows and columns of what is decoded at once.
    read_nbytes
        Memory that reading takes besides its result.
    whole
        Whether it has to be decoded as a whole: it is then a `WholeImage`, else a `WindowedImage`.
    microns_per_pixel
        Length of a pixel; None if the file does not say.
    notes
        Sentences about what is changed or not read.
    """

    height: int
    width: int
    dtype: str = "uint8"
    samples: int = 3
    channels: tuple[SlideChannel, ...] = ()
    block: tuple[int, int] = (1, 1)
    read_nbytes: int = 0
    whole: bool = False
    microns_per_pixel: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_planes(self) -> int:
        """How many times the picture is read: once for each channel."""
        return len(self.channels) or 1


class SlideImage(Protocol):
    """A picture of any size. Picklable; opens its own file in the task that reads."""

    @property
    def facts(self) -> SlideFacts:
        """What is known of it."""
        ...


@runtime_checkable
class WindowedImage(SlideImage, Protocol):
    """A picture of which any window can be read by itself."""

    def read(self, channel: int, rows: slice, columns: slice) -> Pixels:
        """A window of one channel, ``(height, width)``; or of all colours, ``(height, width, 3 or 4)``.

        Raises
        ------
        BadInputError
            If this part of the file is damaged.
        """
        ...


@runtime_checkable
class WholeImage(SlideImage, Protocol):
    """A picture that has to be decoded as a whole."""

    def bands(self, n_rows: int) -> Iterator[Pixels]:
        """All of it from the top, some rows at a time."""
        ...
