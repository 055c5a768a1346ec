"""An input with its cells in the order of sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from karospace_stream.inputs.followed import Followed
from karospace_stream.inputs.sectioned.ahead import forget, is_mixed
from karospace_stream.inputs.sectioned.frames import Reordering, cell_sortings
from karospace_stream.inputs.sectioned.matrices import ByColumns, ordered_matrix
from karospace_stream.inputs.sectioned.order import HELD_NBYTES, Counted, SectionOrder
from karospace_stream.inputs.sectioned.sorted_rows import RowSorting, is_scattered
from karospace_stream.inputs.striped.preparation import SortedParts, Sorter
from karospace_stream.model.cell_sections import CellSections
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.parts import OBSP, Parts, contents

#: Begins the names of sorted parts that are no matrices.
_CELLS = "cells/"


@dataclass(frozen=True, slots=True)
class Needed:
    """What an export reads.

    Attributes
    ----------
    matrices
        Those that are read whole.
    obsm_columns
        The first columns of arrays of obsm; None for all.
    """

    matrices: tuple[str, ...] = ()
    obsm_columns: int | None = None


def in_sections(
    source: AnnDataSource, column: str, counted: Counted, why: str, needed: Needed
) -> AnnDataSource:
    """The input with its cells in the order of a column; the same if they are in it already.

    Parameters
    ----------
    why
        How the column was found.
    needed
        What will be read. It is sorted through scratch if reading it in the order of the sections would read
        much else.
    """
    order = None if counted.is_sorted else SectionOrder.of(source.parts.obs.columns[column], counted)
    return _Sectioned(CellSections(column, counted.names, counted.starts, why, order), needed)(source)


@dataclass(frozen=True, slots=True, eq=False)
class _Sectioned:
    """Puts the cells of an input into the order of its sections; also those of one that was prepared."""

    sections: CellSections
    needed: Needed

    def __call__(self, source: AnnDataSource) -> AnnDataSource:
        sections = self.sections
        order = sections.order
        if not isinstance(order, SectionOrder):
            made = replace(source, catalog=replace(source.catalog, sections=sections))
        else:
            # The column may lie elsewhere than before the input was prepared.
            order = replace(order, column=source.parts.obs.columns[sections.column])
            sections = replace(sections, order=order)
            if source.preparation is None:
                rows, cells = self._rows(source.parts, order), self._cells(source.parts, order)
                stand_in = {name: each.stand_in for name, each in rows.items()}
                made = ordered(source, stand_in, sections=sections)
                sorters: dict[str, Sorter] = {**rows, **cells}
                if not sorters:
                    return made
                then = partial(ordered, sections=sections)
                return replace(made, preparation=SortedParts(source, sorters, then))
            made = ordered(source, {}, sections=sections)
        if source.preparation is None:
            return made
        return replace(made, preparation=Followed(source.preparation, self))

    def _rows(self, parts: Parts, order: SectionOrder) -> Mapping[str, RowSorting]:
        n_sections = len(self.sections.names)
        squares = {name: name.startswith(OBSP) for name in self.needed.matrices if name in parts.matrices}
        scattered = [
            name
            for name, is_square in squares.items()
            if is_scattered(parts.matrices[name].info, order, n_sections, is_square=is_square)
        ]
        return {
            name: RowSorting(parts.matrices[name], f"sections_{at}", order, squares[name])
            for at, name in enumerate(scattered)
        }

    def _cells(self, parts: Parts, order: SectionOrder) -> Mapping[str, Sorter]:
        if not is_mixed(order):
            return {}
        sortings = cell_sortings(parts, order, self.needed.obsm_columns)
        return {_CELLS + part: each for part, each in sortings.items()}


def _as_stored(stored: MatrixReader, lines: MatrixReader) -> MatrixReader:
    return ByColumns(lines) if stored.info.layout == "csc" else lines


def ordered(source: AnnDataSource, done: Mapping[str, Any], *, sections: CellSections) -> AnnDataSource:
    """The source in the order of its sections.

    Parameters
    ----------
    done
        Readers of matrices, and values of cells, that are in it already.
    """
    order, parts = sections.order, source.parts
    assert isinstance(order, SectionOrder)
    cells = {key.removeprefix(_CELLS): each for key, each in done.items() if key.startswith(_CELLS)}
    reordering = Reordering(order, cells)
    forget()
    parts = replace(
        parts,
        matrices={
            name: _as_stored(reader, done[name])
            if name in done
            else ordered_matrix(reader, order, is_square=name.startswith(OBSP))
            for name, reader in parts.matrices.items()
        },
        obs=reordering.frame(parts.obs),
        obsm={key: reordering.entry(key, entry) for key, entry in parts.obsm.items()},
        held_nbytes=parts.held_nbytes + HELD_NBYTES * order.n_cells,
    )
    more = {"findings": source.catalog.findings, "sections": sections}
    return replace(source, catalog=replace(source.catalog, **{**contents(parts), **more}), parts=parts)
