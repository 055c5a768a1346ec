"""Read a loom file as an AnnData."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.kinds.loom.arrays import Transposed
from karospace_stream.inputs.kinds.loom.axes import Axis, paired, resolve_axis
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import member, members
from karospace_stream.source.elements.wide_floats import rounding
from karospace_stream.source.matrices.readers import dense_reader
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.unreadable import Unreadable, optional

_MATRIX = "matrix"
_AXES = ("row_attrs", "col_attrs")
_GRAPHS = ("row_graphs", "col_graphs")
#: Attributes with the names of cells and genes: of loompy, of anndata and of loomR.
_CELLS = ("CellID", "obs_names", "cell_names")
_GENES = ("Gene", "var_names", "gene_names", "Accession")
_GRAPH = "it is a list of edges, and only matrices of neighbours are read"


@dataclass(frozen=True, slots=True)
class Loom:
    """The loom format, versions 2 and 3, and files of before; a `Kind`."""

    name: str = "loom"

    def matches(self, root: Any) -> bool:
        """Whether an open root group is a loom file, or what is left of one."""
        names = set(root)
        if {*_AXES} <= names:
            return True
        return _MATRIX in names and bool(names & {*_AXES, *_GRAPHS}) and not names & {"obs", "var"}

    def resolve(self, root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
        """Describe it as the parts of an AnnData; see the protocol."""
        for axis in _AXES:
            if axis not in root:
                raise BadInputError(f"{where} is a loom file without {axis}; it is damaged, or not complete")
        values = member(root, _MATRIX)
        if not hasattr(values, "shape"):
            raise BadInputError(f"{where} is a loom file without its matrix; it is damaged, or not complete")
        matrices: dict[str, MatrixReader] = {"X": _reader("X", values, wrap)}
        for key, node in members(root, "layers", unreadable):
            with optional(unreadable, f"layers/{key}"):
                matrices[f"layers/{key}"] = _reader(f"layers/{key}", node, wrap)
        n_cells, n_genes = matrices["X"].info.shape
        wrap = rounding(wrap)
        cells = resolve_axis(root, "col_attrs", "obs", n_cells, _CELLS, wrap, unreadable)
        genes = resolve_axis(root, "row_attrs", "var", n_genes, _GENES, wrap, unreadable)
        for group, key in (("col_graphs", "obsp"), ("row_graphs", "varp")):
            unreadable += [(f"{key}/{name}", _GRAPH) for name, _ in members(root, group, unreadable)]
        return Parts(
            matrices=matrices,
            obs=cells.frame,
            var=genes.frame,
            raw_var=None,
            obsm={**paired(cells), **cells.entries},
            images=(),
            arrays={},
            varm=genes.entries,
            findings=tuple(_findings(cells, genes)),
        )


def _reader(name: str, node: Any, wrap: Wrap) -> MatrixReader:
    values = wrap(node)
    if len(values.shape) != 2:
        raise BadInputError(f"{name} must be genes x cells, got the shape {values.shape}")
    # Without chunks, each gene is one piece of the file.
    return dense_reader(name, Transposed(values), gene_major=values.storage().chunks is None)


def _findings(cells: Axis, genes: Axis) -> Iterator[Finding]:
    for axis, what, names in ((cells, "cells", _CELLS), (genes, "genes", _GENES)):
        if not axis.is_named:
            yield Finding(
                "without-names",
                f"the {what} have no names in the file ({', '.join(names)}), so they are numbered from 0",
            )
