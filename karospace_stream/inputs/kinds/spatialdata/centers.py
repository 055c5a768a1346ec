"""Centres of the instances of an element: cells as shapes, labels or points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import DamagedError

Points = npt.NDArray[np.float64]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


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
    def piece_nbytes(self) -> int:
        """Memory that reading a piece takes at least."""
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
    ids
        Names of the instances, sorted, each once.
    points
        In the order x, y, z.
    """

    ids: npt.NDArray[Any]
    points: Points

    def of(self, ids: npt.NDArray[Any]) -> Points:
        """Places of some instances; NaN for those that the element does not have."""
        if not len(self.ids):
            return np.full((len(ids), self.points.shape[1]), np.nan)
        names, known = self.ids, np.ones(len(ids), bool)
        if ids.dtype.kind == "O" and names.dtype.kind != "O":
            ids, known = _whole_numbers(ids)
        elif ids.dtype.kind != "O" and names.dtype.kind == "O":
            ids = np.array([str(each) for each in ids.tolist()], object)
        where = np.minimum(np.searchsorted(names, ids), len(names) - 1)
        found = self.points[where]
        found[~((names[where] == ids) & known)] = np.nan
        return found


def _whole_numbers(texts: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Texts as numbers, and which of them are some."""
    are_some = np.array([_WHOLE.fullmatch(each) is not None for each in texts.tolist()], bool)
    numbers = np.zeros(len(texts), np.int64)
    numbers[are_some] = [int(each) for each in texts[are_some].tolist()]
    return numbers, are_some


def add_up(what: str, parts: Iterable[Centers]) -> Places:
    """Put the parts of an element together.

    Parameters
    ----------
    parts
        Is read twice if an instance may be in several of them.

    Raises
    ------
    DamagedError
        If some parts have numbers as names and others text, or an instance is there twice.
    """
    listed, width, is_divided = [np.empty(0, np.int64)], 2, False
    points = []
    for part in parts:
        listed.append(part.ids)
        width, is_divided = part.points.shape[1], part.weights is not None
        if not is_divided:
            points.append(part.points)
    listed = [ids for ids in listed if len(ids)] or listed[:1]
    if len({ids.dtype for ids in listed}) > 1:
        raise DamagedError(f"{what} name their instances by numbers in one part and by text in another")
    ids = np.concatenate(listed)
    del listed
    if is_divided:
        return _means(np.unique(ids), parts, width)
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    if (again := np.flatnonzero(ids[1:] == ids[:-1])).size:
        raise DamagedError(f"{what} must have each instance once, but have {str(ids[again[0]])[:40]} twice")
    return Places(ids, np.concatenate(points or [np.empty((0, width))])[order])


def _means(ids: npt.NDArray[Any], parts: Iterable[Centers], width: int) -> Places:
    """Places of instances that are in several parts."""
    found = _weighted(ids, parts, width)
    return Places(found.ids, found.points)


def merged(parts: Sequence[Centers]) -> Centers:
    """Neighbouring parts as one, of an element whose instances may be in several."""
    if len(parts) == 1:
        return parts[0]
    return _weighted(np.unique(np.concatenate([part.ids for part in parts])), parts, parts[0].points.shape[1])


def _weighted(ids: npt.NDArray[Any], parts: Iterable[Centers], width: int) -> Centers:
    n_pixels, sums = np.zeros(len(ids)), np.zeros((len(ids), width))
    for part in parts:
        assert part.weights is not None
        where = np.searchsorted(ids, part.ids)
        n_pixels[where] += part.weights
        sums[where] += part.points * part.weights[:, None]
    sums /= n_pixels[:, None]
    return Centers(ids, sums, n_pixels)
