"""Modalities by genes beside others by rows: the rows of the former are sorted before the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from karospace_stream.inputs.joined.join import exported_matrices
from karospace_stream.inputs.kinds.mudata.matrix import SideBySide, joined_sides
from karospace_stream.inputs.striped.preparation import SortedParts
from karospace_stream.inputs.striped.reader import StripedReader
from karospace_stream.inputs.striped.turned import with_matrices
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource

#: A matrix, and the number of one of its sides.
At = tuple[str, int]


def with_turned_sides(source: AnnDataSource, options: InputOptions) -> AnnDataSource:
    """The source, with the preparation that modalities in different orders need."""
    turnings = {}
    for name in exported_matrices(options):
        reader = source.parts.matrices.get(name)
        for number, side in enumerate(reader.sides if isinstance(reader, SideBySide) else ()):
            if side.turning is not None:
                turnings[name, number] = side.turning
    return replace(source, preparation=SortedParts(source, turnings, _with_rows)) if turnings else source


def _with_rows(source: AnnDataSource, rows: Mapping[At, StripedReader]) -> AnnDataSource:
    """The source once the rows of some sides are sorted."""
    matrices = {}
    for name in dict.fromkeys(name for name, _ in rows):
        whole = source.parts.matrices[name]
        assert isinstance(whole, SideBySide)
        sides = list(whole.sides)
        for (which, number), reader in rows.items():
            if which == name:
                sides[number] = replace(sides[number], reader=reader, turning=None)
        matrices[name] = joined_sides(name, sides, whole.info.shape[0])
    return replace(with_matrices(source, matrices), preparation=None)
