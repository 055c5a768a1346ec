"""Tissue images and the preview, as PNG."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: Of schema 1.0.0.
PREVIEW_SIZE = 512
_MARGIN = 20
_INK = (38, 70, 83)
_BYTE = 255
_RANGES = (_BYTE, 1_023, 4_095, 16_383, 65_535)  # of 8, 10, 12, 14 and 16 bits
_PLUS = ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded image and its size in pixels; ``note`` if its range of values was guessed."""

    data: bytes
    media_type: str
    extension: str
    width: int
    height: int
    note: str = ""


def png_picture(pixels: npt.NDArray[np.generic]) -> Picture:
    """Encode an image as PNG.

    Parameters
    ----------
    pixels
        ``(height, width)`` or ``(height, width, 1, 3 or 4)``. Integers are 0 to 255, others 0 to 1,
        and values beyond are clipped, as matplotlib draws them; NaN is 0. If that would leave nothing
        to see, the range is guessed: that of 10 to 16 bits for larger numbers, 0 to 255 for numbers that
        are mostly above 1.
    """
    from PIL import Image

    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    note = ""
    if pixels.dtype != np.uint8:
        values = pixels.astype(np.float32)
        most = _largest(values, is_whole=pixels.dtype.kind in "iu")
        if most > (_BYTE if pixels.dtype.kind in "iu" else 1):
            note = f"the image holds {pixels.dtype} values, taken as 0 to {most:,}"
        unit = np.clip(np.nan_to_num(values) if most == 1 else np.nan_to_num(values) / most, 0, 1)
        pixels = (unit * _BYTE).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="PNG")
    return Picture(out.getvalue(), "image/png", "png", pixels.shape[1], pixels.shape[0], note)


def _largest(values: npt.NDArray[np.float32], *, is_whole: bool) -> int:
    """The value that is drawn brightest."""
    above, positive = int(np.count_nonzero(values > 1)), int(np.count_nonzero(values > 0))
    return _brightest(above, positive, _top(values), is_whole=is_whole)


def drawn_range(parts: Iterable[npt.NDArray[np.generic]], dtype: np.dtype[Any]) -> int:
    """The value that is drawn brightest, as in `png_picture`, of an image that is read part by part."""
    if dtype == np.uint8:
        return _BYTE
    above, positive, top = 0, 0, 0.0
    for part in parts:
        values = part.astype(np.float32)
        above += int(np.count_nonzero(values > 1))
        positive += int(np.count_nonzero(values > 0))
        top = max(top, _top(values))
    return _brightest(above, positive, top, is_whole=dtype.kind in "iu")


def _top(values: npt.NDArray[np.float32]) -> float:
    return float(np.max(values, initial=0, where=np.isfinite(values)))


def _brightest(above: int, positive: int, top: float, *, is_whole: bool) -> int:
    if not is_whole and 2 * above <= positive:
        return 1  # a few that are too large are clipped
    return next((most for most in _RANGES if top <= most), int(np.ceil(top)))


def preview_mask() -> npt.NDArray[np.bool_]:
    """An empty preview: ``(PREVIEW_SIZE, PREVIEW_SIZE)``, True for ink."""
    return np.zeros((PREVIEW_SIZE, PREVIEW_SIZE), dtype=bool)


def draw_cells(
    mask: npt.NDArray[np.bool_],
    xy: npt.NDArray[np.floating],
    minimum: tuple[float, ...],
    maximum: tuple[float, ...],
) -> None:
    """Add cells to the preview, each a plus of five pixels, scaled to the bounds by axis.

    Parameters
    ----------
    xy
        ``(n_cells, 2 or more)``; cells without finite coordinates are skipped.
    """
    here = xy[:, :2].astype(np.float64)
    here = here[np.isfinite(here).all(axis=1)]
    span = PREVIEW_SIZE - 2 * _MARGIN
    low = np.asarray(minimum[:2])
    extent = np.asarray(maximum[:2]) - low
    extent[~(extent > 0)] = 1.0
    pixel = np.floor(_MARGIN + span * ((here - low) / extent)).astype(np.intp)
    for dx, dy in _PLUS:
        mask[pixel[:, 1] + dy, pixel[:, 0] + dx] = True


def preview_png(mask: npt.NDArray[np.bool_]) -> bytes:
    """Encode the preview: ink on white."""
    pixels = np.full((*mask.shape, 3), 255, dtype=np.uint8)
    pixels[mask] = _INK
    return png_picture(pixels).data


def probe_picture(data: bytes, name: str) -> Picture:
    """Check an image file that is copied unchanged.

    Raises
    ------
    ValueError
        If it is no image that a browser draws.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            image = Image.open(io.BytesIO(data))  # reads the header only
        with image:
            kind, (width, height) = image.format or "", image.size
    except UnidentifiedImageError as error:
        raise ValueError(f"{name} is not an image that can be read (unknown kind)") from error
    except Image.DecompressionBombError as error:
        raise ValueError(
            f"{name} has more pixels than browsers can draw ({error}); make it smaller"
        ) from error
    except Exception as error:  # damaged files raise anything; so does text that inflates without end
        raise ValueError(f"{name} is not an image that can be read ({error})") from error
    if kind in _NO_PICTURES:
        raise ValueError(f"{name} is not an image; give a PNG, JPEG, GIF or WebP file")
    if kind not in _BROWSER_KINDS:
        raise ValueError(f"{name} is a {kind} image, which browsers cannot draw; convert it to PNG or JPEG")
    extension, media_type = _BROWSER_KINDS[kind]
    return Picture(data, media_type, extension, width, height)


# Containers that the library opens but has no picture of.
_NO_PICTURES = {"BUFR", "GRIB", "HDF5", "MPEG"}
_BROWSER_KINDS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "WEBP": ("webp", "image/webp"),
    "GIF": ("gif", "image/gif"),
}
