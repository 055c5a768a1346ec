"""Files as many programs write them: the right picture, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from karospace_stream.errors import BadInputError
from karospace_stream.images.open_file import open_image
from karospace_stream.images.slide import WholeImage, WindowedImage

HEIGHT, WIDTH = 531, 410
_Y, _X = np.mgrid[:HEIGHT, :WIDTH]
#: Smooth, so that lossy kinds change little.
GREY = ((_Y // 4 + _X // 4) % 256).astype(np.uint8)
RGB = np.stack([GREY, GREY // 2, 255 - GREY], axis=2)
TILES = {"tile": (128, 128), "photometric": "rgb"}

Write = Callable[[Path], object]


def tiff(values: np.ndarray, **how: Any) -> Write:
    return lambda path: tifffile.imwrite(path, values, **how)


def pillow(mode: str, **how: Any) -> Write:
    return lambda path: Image.fromarray(RGB).convert(mode).save(path, **how)


PICTURES: dict[str, Write] = {
    "bigtiff.tiff": tiff(RGB, bigtiff=True, **TILES),
    "strips.tiff": tiff(RGB, rowsperstrip=7, photometric="rgb"),
    "planes.tiff": tiff(np.moveaxis(RGB, 2, 0), planarconfig="separate", photometric="rgb"),
    "lzw.tiff": pillow("RGB", compression="tiff_lzw"),
    "predictor.tiff": tiff(RGB, compression="deflate", predictor=True, **TILES),
    "zstd.tiff": tiff(RGB, compression="zstd", **TILES),
    "jpeg2000.tiff": tiff(RGB, compression="jpeg2000", **TILES),
    "tables.tiff": pillow("RGB", compression="jpeg", quality=95),  # YCbCr, with tables beside the strips
    "sixteen.tiff": tiff(RGB.astype(np.uint16) * 257, **TILES),
    "picture.gif": pillow("P"),
    "animated.png": lambda path: Image.fromarray(RGB).save(
        path, save_all=True, append_images=[Image.fromarray(255 - RGB)]
    ),
}
CHANNELS: dict[str, tuple[Write, np.ndarray]] = {
    "bits.tiff": (lambda path: Image.fromarray(GREY > 100).save(path, compression="group4"), GREY > 100),
    "big_endian.tiff": (tiff(GREY.astype(">u2") * 9, byteorder=">"), GREY.astype(np.uint16) * 9),
    "floats.tiff": (tiff(GREY / np.float32(3)), GREY / np.float32(3)),
    "whole.tiff": (tiff(GREY.astype(np.int32) - 9), GREY.astype(np.float32) - 9),
    "white.tiff": (tiff(255 - GREY, photometric="miniswhite"), GREY),
}


def read(path: Path) -> np.ndarray:
    """All of an image."""
    image = open_image(str(path))
    if image.facts.whole:
        assert isinstance(image, WholeImage)
        return np.concatenate(list(image.bands(100)))
    assert isinstance(image, WindowedImage)
    cuts = [slice(0, 200), slice(200, HEIGHT)]
    return np.concatenate([image.read(0, rows, slice(0, WIDTH)) for rows in cuts])


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(tmp_path: Path, name: str) -> None:
    PICTURES[name](tmp_path / name)
    found = read(tmp_path / name)
    assert found.shape[:2] == (HEIGHT, WIDTH)
    assert np.abs(found[:, :, :3].astype(int) - RGB).mean() < (20 if name.endswith("gif") else 4)


@pytest.mark.parametrize("name", CHANNELS)
def test_channels(tmp_path: Path, name: str) -> None:
    write, wanted = CHANNELS[name]
    write(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name), wanted)


@pytest.mark.parametrize(("mode", "colors"), [("CMYK", "CMYK"), ("LAB", "CIELAB")], ids=["cmyk", "lab"])
def test_other_colors_are_refused(tmp_path: Path, mode: str, colors: str) -> None:
    pillow(mode)(tmp_path / "a.tiff")
    with pytest.raises(BadInputError, match=f"colours are stored as {colors}; save it as RGB"):
        open_image(str(tmp_path / "a.tiff"))


@pytest.mark.parametrize("ending", ["jpg", "tiff"])
def test_a_turned_picture_is_said(tmp_path: Path, ending: str) -> None:
    image = Image.fromarray(RGB)
    about = image.getexif()
    about[0x0112] = 6
    image.save(tmp_path / f"a.{ending}", exif=about)
    (note,) = open_image(str(tmp_path / f"a.{ending}")).facts.notes
    assert "lies as it is stored" in note
    assert read(tmp_path / f"a.{ending}").shape[:2] == (HEIGHT, WIDTH)


def test_further_frames_are_said(tmp_path: Path) -> None:
    PICTURES["animated.png"](tmp_path / "a.png")
    assert open_image(str(tmp_path / "a.png")).facts.notes == ("it has 2 frames, of which the first is read",)
