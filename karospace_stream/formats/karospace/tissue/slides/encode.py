"""Tiles as bytes."""

from __future__ import annotations

import io

import numpy as np

from karospace_stream.images.slide import Pixels

#: Of Pillow; the usual one of scanners, at which tissue shows no blocks.
JPEG_QUALITY = 85
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


def encode_picture(tile: Pixels, extension: str) -> bytes:
    """A tile in colours as JPEG or PNG."""
    from PIL import Image

    out = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(tile))
    if extension == "jpg":
        image.save(out, format="JPEG", quality=JPEG_QUALITY)
    else:
        image.save(out, format="PNG", compress_level=6)
    return out.getvalue()


def encode_values(tile: Pixels) -> bytes:
    """A tile of one channel: its values, row by row, little-endian."""
    return np.ascontiguousarray(tile, tile.dtype.newbyteorder("<")).tobytes()
