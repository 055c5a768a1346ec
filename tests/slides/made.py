"""Cells, images with a bright mark under each of some cells, and the tiles of a bundle put together again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
from PIL import Image

HEIGHT, WIDTH = 2_301, 2_750  # odd, larger than a window, so that a part of it is passed on
MARKS = np.array([[300.5, 400.5], [2_500.5, 200.5], [1_111.5, 1_999.5], [2_060.5, 2_100.5]])
RADIUS = 24


def cells(path: Path, points: np.ndarray = MARKS, section: list[str] | None = None) -> Path:
    made = anndata.AnnData(np.ones((len(points), 2), np.float32))
    made.obsm["spatial"] = points
    if section is not None:
        made.obs["section"] = section
        made.obs["section"] = made.obs["section"].astype("category")
    made.write_h5ad(path)
    return path


def marked(height: int = HEIGHT, width: int = WIDTH, pixels: np.ndarray = MARKS) -> np.ndarray:
    """Dark, with a bright disc around each of some pixels."""
    image = np.full((height, width), 20, np.uint8)
    y, x = np.ogrid[:height, :width]
    for at in pixels:
        image[(x + 0.5 - at[0]) ** 2 + (y + 0.5 - at[1]) ** 2 < RADIUS**2] = 220
    return image


def slides(bundle: Path) -> list[dict[str, Any]]:
    return json.loads((bundle / "atlas.json").read_text("utf-8"))["slides"]


def level(bundle: Path, slide: dict[str, Any], number: int, channel: int | None = None) -> np.ndarray:
    """All tiles of a level as one array."""
    size = slide["levels"][number]
    path = slide["path"] if channel is None else slide["channels"][channel]["path"]
    rows = []
    for row in range(-(-size["height"] // slide["tile"])):
        tiles = []
        for column in range(-(-size["width"] // slide["tile"])):
            file = bundle / path.format(level=number, row=row, column=column)
            if channel is None:
                tiles.append(np.asarray(Image.open(file)))
                continue
            height = min(slide["tile"], size["height"] - row * slide["tile"])
            values = np.frombuffer(gzip.decompress(file.read_bytes()), slide["dtype"])
            tiles.append(values.reshape(height, -1))
        rows.append(np.concatenate(tiles, axis=1))
    whole = np.concatenate(rows)
    assert whole.shape[:2] == (size["height"], size["width"])
    return whole


def to_pixel(slide: dict[str, Any], points: np.ndarray) -> np.ndarray:
    matrix = np.reshape(slide["to_pixel"], (2, 3))
    return points @ matrix[:, :2].T + matrix[:, 2]


def off_by(image: np.ndarray, at: np.ndarray, scale: float) -> float:
    """Pixels of a level between the middle of the mark around a place and the place itself."""
    reach = int(2 * RADIUS / scale) + 3
    x, y = (at / scale).astype(int)
    top, left = max(0, y - reach), max(0, x - reach)
    part = image[top : y + reach, left : x + reach].astype(float)
    weight = np.clip(part - 60, 0, None)
    assert weight.sum() > 0
    rows, columns = np.indices(part.shape)
    middle = np.array([(columns + 0.5 + left), (rows + 0.5 + top)])
    found = (middle * weight).sum(axis=(1, 2)) / weight.sum()
    return float(np.abs(found - at / scale).max())


def check_marks(bundle: Path, slide: dict[str, Any], points: np.ndarray, channel: int | None = None) -> None:
    """The mark of each point is under it, in every level, within a pixel of it."""
    for number in range(len(slide["levels"])):
        image = level(bundle, slide, number, channel)
        image = image[:, :, 0] if image.ndim == 3 else image
        for at in to_pixel(slide, points):
            assert off_by(image, at, 2.0**number) < 1


def halved(values: np.ndarray) -> np.ndarray:
    """What a level must be, from the one before."""
    height, width = values.shape[:2]
    edges = ((0, height % 2), (0, width % 2), *((0, 0),) * (values.ndim - 2))
    wide = np.pad(values, edges, mode="edge").astype(np.float64)
    mean = (wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]) / 4
    return (
        mean.astype(values.dtype) if values.dtype.kind == "f" else np.floor(mean + 0.5).astype(values.dtype)
    )
