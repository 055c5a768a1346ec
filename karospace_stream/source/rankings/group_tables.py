"""Tables with a value for each rank and group, in every layout that scanpy and anndata have written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.source.elements.arrays import StoredArray, to_native, to_text
from karospace_stream.source.elements.columns import Element, Wrap, resolve_element
from karospace_stream.source.elements.frames import Frame
from karospace_stream.units import counted

#: Describes a data frame, wherever it is stored.
FrameOf = Callable[[Any, str], Frame]
Values = npt.NDArray[Any]


class GroupTable(Protocol):
    """One of ``names``, ``scores`` and so on."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups; empty if the table has none."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """Ranks of the longest ranking, and groups."""
        ...

    def read(self, start: int, stop: int) -> list[Values]:
        """Some ranks of each group; of a group whose ranking is shorter, those that there are."""
        ...


@dataclass(frozen=True, slots=True)
class Records:
    """One structured array with a field for each group: what scanpy writes."""

    values: StoredArray

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(self.values.dtype.names or ())

    @property
    def shape(self) -> tuple[int, int]:
        """Ranks and groups."""
        return self.values.shape[0], len(self.groups)

    def read(self, start: int, stop: int) -> list[Values]:
        """Some ranks of each group."""
        rows = self.values.read(slice(start, stop))
        return [rows[name] for name in self.groups]


@dataclass(frozen=True, slots=True)
class Plain:
    """One array of two dimensions, whose groups have no names."""

    values: StoredArray

    @property
    def groups(self) -> tuple[str, ...]:
        """None are known."""
        return ()

    @property
    def shape(self) -> tuple[int, int]:
        """Ranks and groups."""
        return self.values.shape[0], self.values.shape[1]

    def read(self, start: int, stop: int) -> list[Values]:
        """Some ranks of each group."""
        return [*self.values.read(slice(start, stop)).T]


@dataclass(frozen=True, slots=True)
class Separate:
    """An array for each group, or a data frame with a column for each."""

    columns: Mapping[str, Element]

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(self.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Ranks and groups."""
        return max((each.n_rows for each in self.columns.values()), default=0), len(self.columns)

    def read(self, start: int, stop: int) -> list[Values]:
        """Some ranks of each group."""
        return [
            _column(each, name, min(start, each.n_rows), min(stop, each.n_rows))
            for name, each in self.columns.items()
        ]


def _column(element: Element, name: str, start: int, stop: int) -> Values:
    column = element.read(name, start, stop)
    if column.categories is not None:
        return np.array([*column.categories, ""], object)[column.values.astype(np.intp)]
    if column.missing is None or not column.missing.any():
        return column.values
    return np.where(column.missing, "" if column.kind == "string" else np.nan, column.values)


def group_table(node: Any, key: str, wrap: Wrap, frame_of: FrameOf) -> GroupTable:
    """Describe a table, whatever its layout; reads no values.

    Raises
    ------
    BadInputError
        If it is none. The message is the reason only.
    """
    shape = getattr(node, "shape", None)
    if hasattr(node, "columns") or (hasattr(node, "attrs") and "column-order" in node.attrs):
        return Separate(frame_of(node, key).columns)
    if hasattr(node, "keys"):
        return Separate({str(name): _element(node[name], f"{key}/{name}", wrap) for name in node})
    if shape is None:
        node = np.asarray(node)
        shape = node.shape
    dtype = getattr(node, "dtype", None)
    if getattr(dtype, "names", None) and len(shape) == 1:
        return Records(wrap(node))
    if len(shape) == 2:
        return Plain(wrap(node))
    raise BadInputError(
        "it must be a structured array, a table or an array for each group, got "
        f"{counted(len(shape), 'dimension')} of {dtype}"
    )


def _element(node: Any, key: str, wrap: Wrap) -> Element:
    if not hasattr(node, "shape") and not hasattr(node, "keys"):
        node = np.asarray(node)
    if hasattr(node, "categories") and not hasattr(node, "keys"):  # a categorical of pandas
        node = np.asarray(node)
    return resolve_element(node, wrap)


def texts(values: Values) -> npt.NDArray[np.object_]:
    """Names of genes. Numbers become text; what is missing becomes ``""``."""
    if values.dtype.kind in "OSUT":
        return to_text(values)
    return np.array([str(each) for each in values.tolist()], object)


def numbers(values: Values) -> npt.NDArray[np.floating]:
    """Values as float32 or float64.

    Raises
    ------
    BadInputError
        If they are no numbers. The message is the reason only.
    """
    values = to_native(values)
    if values.dtype.kind not in "biufO":
        raise BadInputError(f"its values must be numbers, got {values.dtype}")
    if values.dtype == np.float32:
        return values
    try:
        with np.errstate(over="ignore"):
            return np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise BadInputError("its values must be numbers, got text") from None
