"""Strings stored as codes into a list, decoded on reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.source.elements.arrays import TEXT, ArrayView, StoredArray
from karospace_stream.source.elements.categories import category_names


@dataclass(frozen=True, slots=True)
class CodedTexts(ArrayView):
    """A `StoredArray` of the strings, wrapping that of the codes; missing values are empty."""

    categories: StoredArray

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values: text."""
        return TEXT

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part."""
        names = category_names(self.categories)
        codes = self.values.read(*bounds)
        texts = [names[code] if 0 <= code < len(names) else "" for code in codes.ravel().tolist()]
        return np.asarray(texts, object).reshape(codes.shape)
