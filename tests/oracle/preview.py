"""The preview, drawn again after the specification, one cell at a time."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SIZE, MARGIN, INK = 512, 20, (0x26, 0x46, 0x53)


def read_png(data: bytes) -> np.ndarray:
    """RGB, ``(height, width, 3)``."""
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


def preview_pixels(points: np.ndarray) -> np.ndarray:
    """``places`` is float32 ``(n_cells, 2)``; cells that are not finite are not drawn."""
    picture = np.full((SIZE, SIZE, 3), 255, dtype=np.uint8)
    drawn = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if not len(drawn):
        return picture
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    for x, y in np.floor(MARGIN + (SIZE - 2 * MARGIN) * (drawn - low) / extent).astype(int):
        for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
            picture[y + dy, x + dx] = INK
    return picture
