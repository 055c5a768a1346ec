"""Images and the preview, read back by Pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from karospace_stream.encode.image import (
    PREVIEW_SIZE,
    draw_cells,
    png_picture,
    preview_mask,
    preview_png,
    probe_picture,
)


def decoded(data: bytes) -> npt.NDArray[Any]:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 1), (3, 5, 3), (3, 5, 4)])
def test_bytes_are_kept(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    picture = png_picture(pixels)
    assert (picture.width, picture.height, picture.extension) == (5, 3, "png")
    np.testing.assert_array_equal(decoded(picture.data), pixels.reshape(decoded(picture.data).shape))


def test_floats_are_shares() -> None:
    picture = png_picture(np.array([[0, 0.5, 1, -3, 7, np.nan, np.inf]]))
    assert decoded(picture.data).tolist() == [[0, 127, 255, 0, 255, 0, 255]]


@pytest.mark.parametrize(
    ("dtype", "values", "expected", "note"),
    [
        (np.int64, [0, 7, 255, -3], [0, 7, 255, 0], ""),
        (np.uint16, [0, 1, 1, 1], [0, 1, 1, 1], ""),
        (np.uint16, [0, 257, 32_768, 65_535], [0, 1, 127, 255], "taken as 0 to 65,535"),
        (np.int32, [0, 256, 2_048, 4_095], [0, 15, 127, 255], "taken as 0 to 4,095"),
        (np.int32, [0, 0, 0, 100_000], [0, 0, 0, 255], "taken as 0 to 100,000"),
        (np.float64, [0, 0.5, 1, 1.2], [0, 127, 255, 255], ""),
        (np.float32, [0, 2, 127.6, 255], [0, 2, 127, 255], "taken as 0 to 255"),
        (np.float64, [0, 256, 65_535, np.nan], [0, 0, 255, 0], "taken as 0 to 65,535"),
        (np.bool_, [False, True, True, False], [0, 255, 255, 0], ""),
    ],
)
@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 1), (1, 1, 4)])
def test_other_types_are_drawn_as_matplotlib_does_or_the_range_is_guessed(
    dtype: Any, values: list[float], expected: list[int], note: str, shape: tuple[int, ...]
) -> None:
    picture = png_picture(np.array(values, dtype).reshape(shape))
    assert decoded(picture.data).ravel().tolist() == expected
    assert picture.note.endswith(note)
    assert bool(picture.note) is bool(note)


def drawn(xy: Any, low: tuple[float, float], high: tuple[float, float]) -> set[tuple[int, int]]:
    mask = preview_mask()
    draw_cells(mask, np.asarray(xy, np.float32), low, high)
    return {(int(x), int(y)) for y, x in np.argwhere(mask)}


def plus(x: int, y: int) -> set[tuple[int, int]]:
    return {(x, y), (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)}


def test_corners_of_the_preview() -> None:
    assert drawn([[0, 0], [10, 4]], (0, 0), (10, 4)) == plus(20, 20) | plus(492, 492)
    assert drawn([[2.5, 1]], (0, 0), (10, 4)) == plus(138, 138)


def test_cells_in_one_place_or_nowhere() -> None:
    assert drawn([[3, 3]], (3, 3), (3, 3)) == plus(20, 20)
    assert drawn([[np.nan, 1], [1, np.inf]], (1, 1), (1, 1)) == set()
    assert drawn(np.empty((0, 2)), (np.inf, np.inf), (-np.inf, -np.inf)) == set()


def test_a_third_dimension_is_not_drawn() -> None:
    assert drawn([[0, 0, 5]], (0, 0), (1, 1)) == plus(20, 20)


def test_bounds_as_far_as_float32_goes() -> None:
    most = float(np.finfo(np.float32).max)
    assert drawn([[-most, 0], [most, 1]], (-most, 0), (most, 1)) == plus(20, 20) | plus(492, 492)


def test_preview_colours() -> None:
    mask = preview_mask()
    mask[5, 7] = True
    pixels = decoded(preview_png(mask))
    assert pixels.shape == (PREVIEW_SIZE, PREVIEW_SIZE, 3)
    assert pixels[5, 7].tolist() == [0x26, 0x46, 0x53]
    assert (pixels == 255).all(axis=2).sum() == PREVIEW_SIZE**2 - 1


KINDS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}


@pytest.mark.parametrize(("kind", "extension"), KINDS.items())
def test_images_that_browsers_draw(kind: str, extension: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (7, 4)).save(out, kind)
    picture = probe_picture(out.getvalue(), "tissue")
    assert (picture.width, picture.height, picture.extension) == (7, 4, extension)
    assert picture.data == out.getvalue()


def test_images_that_browsers_do_not_draw() -> None:
    out = io.BytesIO()
    Image.new("RGB", (7, 4)).save(out, "TIFF")
    with pytest.raises(ValueError, match=r"tissue\.tif is a TIFF image, which browsers cannot draw"):
        probe_picture(out.getvalue(), "tissue.tif")
    with pytest.raises(ValueError, match=r"notes\.txt is not an image that can be read"):
        probe_picture(b"gene,cell", "notes.txt")
