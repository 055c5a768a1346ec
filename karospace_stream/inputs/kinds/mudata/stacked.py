"""The var of several modalities, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.column import Column
from karospace_stream.source.elements.arrays import TEXT, NumpyArray, Storage
from karospace_stream.source.elements.columns import CategoricalElement, Element, PlainElement, read_text
from karospace_stream.source.elements.frames import Frame

#: The column that says which modality a gene is of.
MODALITY = "modality"
_NUMBERS = ("integer", "float")
_TEXTS = ("string", "category")


@dataclass(frozen=True, slots=True)
class StackedElement:
    """A column of several frames below each other; see `Element`.

    Attributes
    ----------
    pieces
        The column in each frame, or None, and the rows of the frame.
    """

    pieces: tuple[tuple[Element | None, int], ...]
    kind: ColumnKind
    dtype: np.dtype[Any]

    @property
    def n_rows(self) -> int:
        """Length."""
        return sum(n_rows for _, n_rows in self.pieces)

    def info(self, name: str) -> ColumnInfo:
        """Its catalog entry."""
        return ColumnInfo(name, self.kind, "str" if self.kind == "string" else str(self.dtype))

    def read(self, name: str, start: int, stop: int) -> Column:
        """Read a part; where a frame does not have the column, values are missing."""
        values = np.zeros(stop - start, self.dtype)
        values[:] = "" if self.kind == "string" else np.nan if self.kind == "float" else 0
        missing = np.zeros(stop - start, np.bool_)
        for piece, low, high, first in overlapping([n_rows for _, n_rows in self.pieces], start, stop):
            element, to = self.pieces[piece][0], slice(first, first + high - low)
            if element is None:
                missing[to] = True
                continue
            column = element.read(name, low, high)
            values[to] = _texts(column) if self.kind == "string" else column.values
            missing[to] = _missing(column)
            if self.kind == "float" and column.missing is not None:
                values[to][column.missing] = np.nan
        return Column(name, self.kind, values, None if self.kind == "float" else missing)


@dataclass(frozen=True, slots=True)
class StackedNames:
    """The names of all genes; those of several modalities are preceded by theirs; see `StoredArray`."""

    key: str
    pieces: tuple[tuple[str, Frame], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length."""
        return (sum(frame.n_rows for _, frame in self.pieces),)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Text."""
        return TEXT

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read all, since only all of them show which repeat."""
        names = [read_text(frame.index, 0, frame.n_rows) for _, frame in self.pieces]
        seen: dict[str, int] = {}
        for each in names:
            for name in set(each.tolist()):
                seen[name] = seen.get(name, 0) + 1
        apart = [
            [f"{modality}:{name}" if seen[name] > 1 else name for name in each.tolist()]
            for (modality, _), each in zip(self.pieces, names, strict=True)
        ]
        every = np.array([name for each in apart for name in each], object)
        return every[bounds] if bounds else every

    def storage(self) -> Storage:
        """Unknown as a whole."""
        return Storage()


def overlapping(lengths: Sequence[int], start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
    """Pieces one after the other that a range touches.

    Yields
    ------
    ``(piece, low, high, first)``: its number, the range in it, and where that lies in the whole range.
    """
    begin = 0
    for number, length in enumerate(lengths):
        low, high = max(start - begin, 0), min(stop - begin, length)
        if low < high:
            yield number, low, high, begin + low - start
        begin += length


def stacked_var(frames: Mapping[str, Frame]) -> Frame:
    """One var of those of several modalities, with a column that names the modality.

    A column is one if all have it as numbers, as text or as booleans; else each keeps its own, called
    ``MODALITY:COLUMN``.
    """
    names = list(dict.fromkeys(name for frame in frames.values() for name in frame.columns))
    columns: dict[str, Element] = {}
    for name in names:
        held = {key: frame.columns.get(name) for key, frame in frames.items()}
        groups = (
            {name: held}
            if (kind := _common_kind(held))
            else {f"{key}:{name}": {key: element} for key, element in held.items() if element is not None}
        )
        for called, its in groups.items():
            common = kind or _common_kind(its)
            assert common is not None
            pieces = tuple((its.get(key), frame.n_rows) for key, frame in frames.items())
            columns[called] = StackedElement(pieces, *common)
    columns.pop(MODALITY, None)
    columns = {MODALITY: _modality_column(frames), **columns}
    index = PlainElement(StackedNames("var", tuple(frames.items())))
    return Frame("var", index.n_rows, index, columns)


def _modality_column(frames: Mapping[str, Frame]) -> Element:
    codes = np.repeat(np.arange(len(frames), dtype=np.int8), [frame.n_rows for frame in frames.values()])
    names = np.array([*frames, None], object)[:-1]
    return CategoricalElement(
        NumpyArray("var/modality/codes", codes), NumpyArray("var/modality/categories", names)
    )


def _common_kind(held: Mapping[str, Element | None]) -> tuple[ColumnKind, np.dtype[Any]] | None:
    infos = [element.info("") for element in held.values() if element is not None]
    kinds = {info.kind for info in infos}
    if kinds <= set(_TEXTS):
        return "string", TEXT
    if kinds <= set(_NUMBERS):
        dtype = np.result_type(*(np.dtype(info.dtype) for info in infos))
        return ("float" if dtype.kind == "f" else "integer"), dtype
    return ("bool", np.dtype(np.bool_)) if kinds == {"bool"} else None


def _texts(column: Column) -> npt.NDArray[Any]:
    if column.categories is None:
        return column.values
    return np.array([*column.categories, ""], object)[column.values.astype(np.intp)]


def _missing(column: Column) -> Any:
    if column.categories is not None:
        return np.less(column.values, 0)
    return False if column.missing is None else column.missing
