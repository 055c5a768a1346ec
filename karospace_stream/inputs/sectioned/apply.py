"""An input with its cells in the order of sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from karospace_stream.inputs.followed import Followed
from karospace_stream.inputs.sectioned.columns import ordered_entry, ordered_frame
from karospace_stream.inputs.sectioned.matrices import ordered_matrix
from karospace_stream.inputs.sectioned.order import HELD_NBYTES, Counted, SectionOrder
from karospace_stream.inputs.sectioned.sorted_rows import Sorting, Step, is_scattered
from karospace_stream.inputs.striped.stripes import Piece
from karospace_stream.model.cell_sections import CellSections
from karospace_stream.model.source import MatrixReader, ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.parts import OBSP, Parts, contents


def in_sections(
    source: AnnDataSource, column: str, counted: Counted, why: str, needed: Sequence[str] = ()
) -> AnnDataSource:
    """The input with its cells in the order of a column; the same if they are in it already.

    Parameters
    ----------
    why
        How the column was found.
    needed
        Matrices that will be read whole. Their rows are sorted through scratch if reading them in the order
        of the sections would read much else.
    """
    order = None if counted.is_sorted else SectionOrder.of(source.parts.obs.columns[column], counted)
    return _Sectioned(CellSections(column, counted.names, counted.starts, why, order), tuple(needed))(source)


@dataclass(frozen=True, slots=True, eq=False)
class _Sectioned:
    """Puts the cells of an input into the order of its sections; also those of one that was prepared."""

    sections: CellSections
    needed: tuple[str, ...]

    def __call__(self, source: AnnDataSource) -> AnnDataSource:
        sections = self.sections
        order = sections.order
        if not isinstance(order, SectionOrder):
            made = replace(source, catalog=replace(source.catalog, sections=sections))
        else:
            # The column may lie elsewhere than before the input was prepared.
            order = replace(order, column=source.parts.obs.columns[sections.column])
            sections = replace(sections, order=order)
            sortings = {} if source.preparation is not None else self._sortings(source.parts, order)
            made = ordered(source, sections, {name: each.stand_in for name, each in sortings.items()})
            if sortings:
                return replace(made, preparation=SortedMatrices(source, sections, sortings))
        if source.preparation is None:
            return made
        return replace(made, preparation=Followed(source.preparation, self))

    def _sortings(self, parts: Parts, order: SectionOrder) -> Mapping[str, Sorting]:
        n_sections = len(self.sections.names)
        scattered = [
            name
            for name in dict.fromkeys(self.needed)
            if name in parts.matrices and is_scattered(parts.matrices[name].info, order, n_sections)
        ]
        return {
            name: Sorting(parts.matrices[name], order, f"sections_{at}", name.startswith(OBSP))
            for at, name in enumerate(scattered)
        }


@dataclass(frozen=True, slots=True, eq=False)
class SortedMatrices:
    """The `Preparation` of a source some of whose matrices are sorted through scratch."""

    source: AnnDataSource
    sections: CellSections
    sortings: Mapping[str, Sorting]

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return sum(each.scratch_nbytes for each in self.sortings.values())

    def steps(self, task_nbytes: int) -> list[tuple[str, Step]]:
        """The steps of all matrices."""
        return [(name, step) for name, each in self.sortings.items() for step in each.steps(task_nbytes)]

    def run(self, step: tuple[str, Step], files: ScratchFiles) -> tuple[str, Piece]:
        """Sort some rows of one matrix."""
        name, inner = step
        return name, self.sortings[name].run(inner, files)

    def finish(self, results: Sequence[tuple[str, Piece]], files: ScratchFiles) -> AnnDataSource:
        """The source with sorted rows."""
        readers = {
            name: each.finish([piece for which, piece in results if which == name], files)
            for name, each in self.sortings.items()
        }
        return ordered(self.source, self.sections, readers)


def ordered(
    source: AnnDataSource, sections: CellSections, sorted_already: Mapping[str, MatrixReader]
) -> AnnDataSource:
    """The source in the order of its sections, some of whose matrices are in it already."""
    order, parts = sections.order, source.parts
    assert isinstance(order, SectionOrder)
    parts = replace(
        parts,
        matrices={
            name: sorted_already[name]
            if name in sorted_already
            else ordered_matrix(reader, order, is_square=name.startswith(OBSP))
            for name, reader in parts.matrices.items()
        },
        obs=ordered_frame(parts.obs, order),
        obsm={key: ordered_entry(entry, order) for key, entry in parts.obsm.items()},
        held_nbytes=parts.held_nbytes + HELD_NBYTES * order.n_cells,
    )
    more = {"findings": source.catalog.findings, "sections": sections}
    return replace(source, catalog=replace(source.catalog, **{**contents(parts), **more}), parts=parts)
