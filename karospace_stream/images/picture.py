"""PNG, JPEG, GIF and WebP files: Pillow decodes them as a whole."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError, DamagedError, KaroSpaceError
from karospace_stream.images.slide import Pixels, SlideFacts
from karospace_stream.images.values import as_colors
from karospace_stream.source.files.stream import AnyFile, open_stream
from karospace_stream.source.problems.unreadable import reason

_KINDS = ("PNG", "JPEG", "WEBP", "GIF")
#: More are hardly a picture that somebody wants decoded as a whole.
_MOST_PIXELS = 1 << 28
_PIXEL_NBYTES = {"JPEG": 12}  # with the coefficients of a progressive one
_USUAL_NBYTES = 5
_ORIENTATION = 0x0112  # in EXIF and TIFF; 1 for pictures that are upright
_SHORT = ("I;16", "I;16B", "I;16L", "I")


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that browsers draw, too; see `WholeImage`."""

    file: AnyFile
    facts: SlideFacts

    @classmethod
    def of(cls, file: AnyFile) -> PictureFile:
        """Describe a picture; reads its header.

        Raises
        ------
        BadInputError
            If it is no picture, or has too many pixels to be decoded as a whole.
        """
        with _opened(file) as image:
            width, height = image.size
            kind, has_alpha, notes = image.format, _has_alpha(image), tuple(_notes(image))
        if width * height > _MOST_PIXELS:
            raise BadInputError(
                f"{file.path} has {width:,} x {height:,} pixels, and a {kind} file can only be decoded as a "
                f"whole, up to {_MOST_PIXELS:,} pixels; save it as a TIFF file with tiles"
            )
        nbytes = width * height * _PIXEL_NBYTES.get(kind, _USUAL_NBYTES)
        samples = 4 if has_alpha else 3
        return cls(
            file, SlideFacts(height, width, samples=samples, read_nbytes=nbytes, whole=True, notes=notes)
        )

    def bands(self, n_rows: int) -> Iterator[Pixels]:
        """Decode it, and give some rows at a time; see the protocol."""
        mode = "RGBA" if self.facts.samples == 4 else "RGB"
        width, height = self.facts.width, self.facts.height
        with _opened(self.file) as image:
            if image.size != (width, height):
                raise BadInputError(f"{self.file.path} has changed since the job began")
            try:
                image.load()
            except KaroSpaceError:  # a store that does not answer is no damage
                raise
            except Exception as error:  # damaged files raise anything
                raise DamagedError(
                    f"{self.file.path} is damaged or truncated: {reason(error)}; copy it again"
                ) from error
            for start in range(0, height, n_rows):
                band = image.crop((0, start, width, min(start + n_rows, height)))
                if band.mode in _SHORT:
                    yield as_colors(np.asarray(band), 65_535)
                else:
                    yield np.asarray(band.convert(mode))


def _has_alpha(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _notes(image: Any) -> Iterator[str]:
    from PIL import Image

    n_frames = getattr(image, "n_frames", 1)
    if n_frames > 1:
        yield f"it has {n_frames:,} frames, of which the first is read"
    # That of the base class reads what is known from the header; that of a PNG decodes all pixels first.
    turned = Image.Image.getexif(image).get(_ORIENTATION, 1)
    if turned in range(2, 9):
        yield f"it lies as it is stored, though its file says that programs should turn it ({turned} in EXIF)"


@contextmanager
def _opened(file: AnyFile) -> Iterator[Any]:
    from PIL import Image

    with open_stream(file) as stream:
        try:
            with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
                image = Image.open(stream, formats=_KINDS)
        except KaroSpaceError:
            raise
        except Image.DecompressionBombError as error:
            raise BadInputError(
                f"{file.path} has too many pixels to be decoded as a whole ({error}); save it as a TIFF file "
                "with tiles"
            ) from error
        except Exception as error:  # text that inflates without end, too
            raise BadInputError(
                f"{file.path} must be a PNG, JPEG, TIFF or OME-Zarr image, but is none that can be read"
            ) from error
        with image:
            yield image
