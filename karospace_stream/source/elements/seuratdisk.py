"""Factors in SeuratDisk's encoding: codes and labels that no attribute links.

anndata reads plain numbers there. The labels are in the file, so we use them where they fit, and report it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.arrays import ArrayView, StoredArray
from karospace_stream.source.elements.categories import checked_categories
from karospace_stream.source.elements.columns import CategoricalElement, Element, PlainElement, Wrap, checked
from karospace_stream.source.elements.members import member

_LISTS = "__categories"
_PIECE = 1 << 20
_NA = -(2**31)
_NOTE = f"its labels are taken from {_LISTS}, though nothing in the file links the two"


def unlinked_labels(group: Any, name: str, wrap: Wrap) -> Element | None:
    """Describe integers that have a list of labels of the same name; None if there is no such list.

    Reads the list and, in pieces, all codes: only they show whether the two belong together.
    """
    labels = member(group, f"{_LISTS}/{name}")
    if getattr(labels, "shape", None) is None:  # none, a group, or an empty dataset
        return None
    values = wrap(group[name])
    if values.dtype.kind not in "iuf":
        return None
    numbers = checked(PlainElement(values, f"exported as numbers: the labels in {_LISTS} do not match them"))
    column = CategoricalElement(RCodes(values), wrap(labels), note=_NOTE)
    try:
        checked(column)
        checked_categories(column.categories)
    except BadInputError:
        return numbers
    found = _look_at(values, column.info(name).n_categories or 0)
    if found is None:
        return numbers
    return replace(column, note=f"{_NOTE}; {found} counts as missing") if found else column


@dataclass(frozen=True, slots=True)
class RCodes(ArrayView):
    """Codes of a factor of R, where NA is the smallest number of 32 bits, or NaN; see `StoredArray`."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the codes when read: as stored, if that is an integer type."""
        return self.values.dtype if self.values.dtype.kind in "iu" else np.dtype(np.int32)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part, -1 where R has NA; see the protocol."""
        codes = self.values.read(*bounds)
        missing = _is_na(codes)
        return np.where(missing, -1, codes).astype(self.dtype, copy=False)


def _is_na(codes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    missing: npt.NDArray[np.bool_] = codes == _NA
    return missing | np.isnan(codes) if codes.dtype.kind == "f" else missing


def _look_at(codes: StoredArray, n_categories: int) -> str | None:
    """The marker of a missing label, ``""`` if there is none; None if these are no codes."""
    found = ""
    for start in range(0, codes.shape[0], _PIECE):
        piece = codes.read(slice(start, min(start + _PIECE, codes.shape[0])))
        missing = _is_na(piece)
        there = piece[~missing]
        if there.size and not (there.min() >= -1 and there.max() < n_categories):
            return None
        if codes.dtype.kind == "f" and (there != np.trunc(there)).any():
            return None
        if missing.any():
            found = "NaN" if codes.dtype.kind == "f" else f"R's NA ({_NA})"
    return found
