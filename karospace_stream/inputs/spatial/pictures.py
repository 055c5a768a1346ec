"""Tissue images in PNG files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.decode_image import PNG_END, PNG_HEAD_NBYTES, decode_png, png_head
from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.inputs.spatial.whole_files import read_part, read_whole
from karospace_stream.source.elements.arrays import Storage
from karospace_stream.source.files.stream import AnyFile

_SPARE_NBYTES = 16 << 20  # of a PNG besides its pixels: metadata, profiles


@dataclass(frozen=True, slots=True)
class PngArray:
    """The pixels of a PNG file as an array, decoded at each read; see `StoredArray`."""

    key: str
    file: AnyFile
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @classmethod
    def of(cls, file: AnyFile, key: str) -> PngArray:
        """Describe an image; reads its first and last bytes.

        Raises
        ------
        BadInputError
            If it is no complete PNG, or has too many pixels; the message is the reason only.
        """
        try:
            head = png_head(read_part(file, 0, PNG_HEAD_NBYTES))
        except ValueError as error:
            raise BadInputError(f"{file.path}: {error}") from error
        if read_part(file, file.size - len(PNG_END), file.size) != PNG_END:
            raise BadInputError(f"{file.path} is truncated; copy it again")
        return cls(key, file, head.shape, head.dtype)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Decode, and cut out a part.

        Raises
        ------
        DamagedError
            If the file is damaged.
        """
        most = int(np.prod(self.shape)) * self.dtype.itemsize + _SPARE_NBYTES
        try:
            return decode_png(read_whole(self.file, most))[bounds]
        except ValueError as error:
            raise DamagedError(
                f"{self.file.path} cannot be read: {error}", self.key, "export without the image: --no-image"
            ) from error

    def storage(self) -> Storage:
        """Its layout: one compressed file."""
        return Storage(self.shape, self.file.size, "png")
