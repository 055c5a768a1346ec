"""Modalities by genes beside others by rows: the rows of the former are sorted before the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from karospace_stream.inputs.joined.join import exported_matrices
from karospace_stream.inputs.kinds.mudata.matrix import SideBySide, joined_sides
from karospace_stream.inputs.striped.stripes import Piece
from karospace_stream.inputs.striped.turned import Step, Turning, with_matrices
from karospace_stream.model.source import ScratchFiles
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource

#: A matrix, and the number of one of its sides.
At = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TurnedSides:
    """The `Preparation` of a source of which some modalities must be read by rows."""

    source: AnnDataSource
    turnings: Mapping[At, Turning]

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return sum(each.scratch_nbytes for each in self.turnings.values())

    def steps(self, task_nbytes: int) -> list[tuple[At, Step]]:
        """The steps of all matrices."""
        return [(at, step) for at, each in self.turnings.items() for step in each.steps(task_nbytes)]

    def run(self, step: tuple[At, Step], files: ScratchFiles) -> tuple[At, Piece]:
        """Turn one band of one matrix."""
        at, inner = step
        return at, self.turnings[at].run(inner, files)

    def finish(self, results: Sequence[tuple[At, Piece]], files: ScratchFiles) -> AnnDataSource:
        """The source with rows."""
        matrices = {}
        for name in dict.fromkeys(name for name, _ in self.turnings):
            whole = self.source.parts.matrices[name]
            assert isinstance(whole, SideBySide)
            sides = list(whole.sides)
            for at, turning in self.turnings.items():
                if at[0] == name:
                    pieces = [piece for which, piece in results if which == at]
                    sides[at[1]] = replace(sides[at[1]], reader=turning.finish(pieces, files), turning=None)
            matrices[name] = joined_sides(name, sides, whole.info.shape[0])
        return replace(with_matrices(self.source, matrices), preparation=None)


def with_turned_sides(source: AnnDataSource, options: InputOptions) -> AnnDataSource:
    """The source, with the preparation that modalities in different orders need."""
    turnings = {}
    for name in exported_matrices(options):
        reader = source.parts.matrices.get(name)
        for number, side in enumerate(reader.sides if isinstance(reader, SideBySide) else ()):
            if side.turning is not None:
                turnings[name, number] = side.turning
    return replace(source, preparation=TurnedSides(source, turnings)) if turnings else source
