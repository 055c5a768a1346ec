"""Centres of the instances of an element: cells as shapes, labels or points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.errors import DamagedError

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Centers:
    """Centres of the instances in a part of an element.

    Attributes
    ----------
    ids
        Names of the instances: int64, or text as ``object``.
    points
        ``(n_instances, 2 or 3)``, in the order x, y, z.
    weights
        Pixels of each instance in this part; None if no other part can have some of it.
    """

    ids: npt.NDArray[Any]
    points: Points
    weights: npt.NDArray[np.float64] | None = None


class Element(Protocol):
    """An element of a store whose instances have centres. Hashable, picklable; holds nothing open."""

    def __hash__(self) -> int:
        """Hash of the state at opening, by which centres are cached."""
        ...

    @property
    def what(self) -> str:
        """For messages: ``the shapes 'cells'``."""
        ...

    @property
    def n_axes(self) -> int:
        """2 or 3."""
        ...

    @property
    def cost(self) -> float:
        """Time that reading all of it takes; 1 is a few seconds."""
        ...

    @property
    def most_instances(self) -> int:
        """Number of instances, or an upper limit of it."""
        ...

    @property
    def diameter(self) -> float | None:
        """Diameter of circles that are all of one size, else None."""
        ...

    def pieces(self, task_nbytes: int) -> Sequence[Any]:
        """Independent parts to read, each within so much memory if possible."""
        ...

    def read(self, piece: Any) -> Centers:
        """The centres of one part.

        Raises
        ------
        BadInputError
            If it is damaged.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the instances of an element are.

    Attributes
    ----------
    index
        Names of the instances, each once.
    points
        In the order x, y, z.
    """

    index: pd.Index[Any]
    points: Points

    def of(self, ids: npt.NDArray[Any]) -> Points:
        """Places of some instances; NaN for those that the element does not have."""
        names = self.index
        if ids.dtype.kind != "O" and names.dtype.kind == "O":
            ids = np.array([str(each) for each in ids.tolist()], object)
        elif ids.dtype.kind == "O" and names.dtype.kind != "O":
            names = pd.Index([str(each) for each in names.tolist()], dtype=object)
        where = names.get_indexer(pd.Index(ids))
        found = (
            self.points[np.maximum(where, 0)] if len(names) else np.empty((len(ids), self.points.shape[1]))
        )
        found[where < 0] = np.nan
        return found


def add_up(what: str, parts: Sequence[Centers]) -> Places:
    """Put the parts of an element together.

    Raises
    ------
    DamagedError
        If some parts have numbers as names and others text, or an instance is there twice.
    """
    if len({part.ids.dtype for part in parts}) > 1:
        raise DamagedError(f"{what} name their instances by numbers in one part and by text in another")
    ids = np.concatenate(
        [np.empty(0, np.int64) if not parts else parts[0].ids[:0], *(part.ids for part in parts)]
    )
    points = np.concatenate([part.points for part in parts]) if parts else np.empty((0, 2))
    weights = [part.weights for part in parts if part.weights is not None]
    if weights:
        ids, where = np.unique(ids, return_inverse=True)
        where, pixels = where.ravel(), np.concatenate(weights)
        n_pixels = np.bincount(where, pixels, len(ids))
        points = np.column_stack(
            [np.bincount(where, pixels * along, len(ids)) / n_pixels for along in points.T]
        )
    index = pd.Index(ids)
    if index.has_duplicates:
        again = str(index[index.duplicated()][0])
        raise DamagedError(f"{what} must have each instance once, but have {again[:40]} twice")
    return Places(index, points)
