"""Frames and embeddings in another order, some of whose columns were sorted through scratch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from karospace_stream.inputs.sectioned.columns import OrderedCategories, OrderedElement, OrderedEntry
from karospace_stream.inputs.sectioned.order import SectionOrder
from karospace_stream.inputs.sectioned.sorted_columns import SortedCategories, SortedElement, SortedEntry
from karospace_stream.inputs.sectioned.sorted_values import (
    CellReader,
    CellSorting,
    ColumnCells,
    EmbeddingCells,
    SortedCells,
)
from karospace_stream.source.elements.columns import Categorised, Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry, FrameEntry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.parts import Parts

#: Columns of an array of obsm that a page draws.
DRAWN = 3
_INDEX = "index"


@dataclass(frozen=True, slots=True, eq=False)
class Reordering:
    """How columns and embeddings are read in the order of sections.

    Attributes
    ----------
    cells
        Those that lie in scratch, by part.
    """

    order: SectionOrder
    cells: Mapping[str, SortedCells | None] = field(default_factory=dict)

    def frame(self, frame: Frame) -> Frame:
        """A data frame."""
        columns = {
            name: self._element(_column(frame, name), column) for name, column in frame.columns.items()
        }
        return Frame(frame.key, frame.n_rows, self._element(_index(frame), frame.index), columns)

    def entry(self, key: str, entry: EmbeddingEntry) -> EmbeddingEntry:
        """An entry of obsm."""
        if isinstance(entry, FrameEntry):
            frame = self.frame(entry.frame)
            names = {id(column): name for name, column in entry.frame.columns.items()}
            columns = tuple(
                frame.columns[names[id(each)]] if id(each) in names else self._element("", each)
                for each in entry.columns
            )
            return FrameEntry(columns, entry.dtype, frame, entry.is_text)
        ordered = OrderedEntry(entry, self.order)
        cells = self.cells.get(_array(key))
        if cells is None:
            return ordered
        return SortedEntry(ordered, cells, cells.width)

    def _element(self, part: str, stored: Element) -> Element:
        cells = self.cells.get(part)
        if cells is None:
            kind = OrderedCategories if isinstance(stored, Categorised) else OrderedElement
            return kind(stored, self.order)
        sorted_kind = SortedCategories if isinstance(stored, Categorised) else SortedElement
        return sorted_kind(stored, self.order, cells)


def cell_sortings(parts: Parts, order: SectionOrder, most_columns: int | None) -> dict[str, CellSorting]:
    """The work that sorts all columns and embeddings, by part.

    Parameters
    ----------
    most_columns
        Of an array of obsm; None for all.
    """
    readers = _of_frame(parts.obs, tuple(parts.obs.columns))
    for key, entry in parts.obsm.items():
        if isinstance(entry, FrameEntry):
            drawn = {id(column) for column in entry.columns[:most_columns]}
            every = entry.frame.columns.items()
            readers |= _of_frame(
                entry.frame, [name for name, each in every if most_columns is None or id(each) in drawn]
            )
        else:
            width = entry.info(key).n_columns
            most = width if most_columns is None else min(width, most_columns)
            readers[_array(key)] = EmbeddingCells(entry, most)
    return {
        part: CellSorting(reader, order, f"cells_{at}") for at, (part, reader) in enumerate(readers.items())
    }


def _of_frame(frame: Frame, names: Iterable[str]) -> dict[str, CellReader]:
    columns = {_column(frame, name): ColumnCells(frame.columns[name]) for name in names}
    return {_index(frame): ColumnCells(frame.index), **columns}


def _column(frame: Frame, name: str) -> str:
    return f"{frame.key}/column/{name}"


def _index(frame: Frame) -> str:
    return f"{frame.key}/{_INDEX}"


def _array(key: str) -> str:
    return f"array/{key}"
