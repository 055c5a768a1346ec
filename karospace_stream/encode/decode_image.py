"""Image files as arrays: what the header says, and the pixels within those bounds."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: Bytes from the start that have the size and type of a PNG.
PNG_HEAD_NBYTES = 29
#: Bytes with which every complete PNG ends.
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"

_MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 100_000_000  # Space Ranger writes 6,000 x 6,000 at most
_CHANNELS = {0: 1, 2: 3, 3: 4, 4: 4, 6: 4}  # by color type: palettes may be transparent


@dataclass(frozen=True, slots=True)
class PngHead:
    """Size and type of the pixels of a PNG, as `decode_png` returns them."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def png_head(head: bytes) -> PngHead:
    """What the header of a PNG declares.

    Parameters
    ----------
    head
        The first `PNG_HEAD_NBYTES` of the file.

    Raises
    ------
    ValueError
        If it is no PNG, or has more pixels than an image of a tissue; the message is the reason only.
    """
    if len(head) < PNG_HEAD_NBYTES or not head.startswith(_MAGIC) or head[12:16] != b"IHDR":
        raise ValueError("it must be a PNG image, but does not begin like one")
    width, height, depth, color = struct.unpack(">IIBB", head[16:26])
    if color not in _CHANNELS or not width * height > 0:
        raise ValueError(f"its header is damaged (size {width} x {height}, color type {color})")
    if width * height > _MOST_PIXELS:
        raise ValueError(
            f"an image may have {_MOST_PIXELS:,} pixels at most, but its header declares {width:,} x "
            f"{height:,}; make it smaller"
        )
    channels = _CHANNELS[color]
    shape = (height, width) if channels == 1 else (height, width, channels)
    return PngHead(shape, np.dtype(np.uint16 if depth == 16 and color == 0 else np.uint8))


def decode_png(data: bytes) -> npt.NDArray[np.generic]:
    """The pixels of a PNG, of the size and type that `png_head` returns.

    Raises
    ------
    ValueError
        If it is damaged, or has other pixels than its header declares.
    """
    from PIL import Image

    head = png_head(data[:PNG_HEAD_NBYTES])
    try:
        with (
            warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(io.BytesIO(data), formats=("PNG",)) as image,
        ):
            if len(head.shape) == 3:
                image = image.convert("RGB" if head.shape[2] == 3 else "RGBA")
            elif head.dtype == np.uint8:
                image = image.convert("L")
            pixels = np.asarray(image).astype(head.dtype, copy=False)
    except Exception as error:  # damaged files raise anything
        raise ValueError(f"the image is damaged ({error})") from error
    if pixels.shape != head.shape:
        raise ValueError(f"the image has shape {pixels.shape}, but its header declares {head.shape}")
    return pixels
