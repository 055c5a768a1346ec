"""Plan the side inputs of gene writers (columns, coordinates and graphs), and their memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.columns.codes import distinct
from karospace_stream.model.catalog import ColumnInfo, ColumnKind
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.source.read_costs import chunk_borders, held_values, read_nbytes
from karospace_stream.transpose.lines import cut_matrix

#: Different values that a column of text may have.
MOST_TEXTS = 65_536
#: Categories of a column of true and false.
BOOLS = ("False", "True")

_BLOCK_VALUES = 1 << 18  # of a graph, read at once
_VALUE_NBYTES = 100  # of such a block: as read, numbered anew, sorted
_SLACK = 12 << 20  # a ranged read, chunks, small arrays
_STRING_NBYTES = 150  # a Python string of a tile, with its source bytes
_NAME_NBYTES = 200  # a category name, and where it is looked up


@dataclass(frozen=True, slots=True)
class SideColumn:
    """A column, the kind of its values, and its number of categories."""

    name: str
    kind: ColumnKind
    n_categories: int

    @property
    def dtype(self) -> npt.DTypeLike:
        """The smallest signed integers that hold the codes, and -1."""
        return np.min_scalar_type(-max(1, self.n_categories))


@dataclass(frozen=True, slots=True)
class SideGraph:
    """A matrix of obsp, how it is read, and its most values among the exported cells."""

    key: str
    cuts: tuple[int, ...]
    most_values: int

    @property
    def name(self) -> str:
        """Name of the matrix in the source."""
        return f"obsp/{self.key}"


@dataclass(frozen=True, slots=True)
class SidePlan:
    """The side inputs of a plan, and their memory.

    Attributes
    ----------
    held_nbytes
        In each process that writes genes, from its first gene on.
    loading_nbytes
        While it is read, besides what is held then.
    """

    columns: tuple[SideColumn, ...]
    embeddings: tuple[EmbeddingChoice, ...]
    graphs: tuple[SideGraph, ...]
    held_nbytes: int
    loading_nbytes: int

    @property
    def cost(self) -> StageCost:
        """Memory of the task that reads it: the first of each process that writes genes."""
        return StageCost("side inputs", self.loading_nbytes, 0)


def plan_side_inputs(source: Source, selection: Selection, several: Iterable[SideNeeds]) -> SidePlan | None:
    """Resolve what the writers of all formats need together; None for nothing.

    Reads columns of text, to count their values, and the offsets of graphs.

    Raises
    ------
    BadInputError
        If a column or a graph does not exist, a column cannot group cells, or a graph holds no numbers.
    """
    needs = SideNeeds()
    for each in several:
        needs |= each
    if not needs:
        return None
    n_cells, rows = selection.n_cells, min(TILE, selection.n_cells)
    columns = tuple(_column(source, selection, name) for name in needs.columns)
    held, loading = 0, _SLACK + rows * _STRING_NBYTES if columns else 0
    for column in columns:
        held += n_cells * np.dtype(column.dtype).itemsize + _NAME_NBYTES * column.n_categories
    for choice in needs.embeddings:
        held += 4 * n_cells * choice.n_dims
        loading = max(loading, _SLACK + 20 * rows * choice.n_dims)
    graphs = []
    for key in needs.graphs:
        graph, of_graph, of_reading = _graph(source, selection, key)
        graphs.append(graph)
        held, loading = held + of_graph, max(loading, of_reading)
    return SidePlan(columns, needs.embeddings, tuple(graphs), held, loading)


def _column(source: Source, selection: Selection, name: str) -> SideColumn:
    infos = {info.name: info for info in source.catalog.obs}
    if name not in infos:
        raise BadInputError(f"{source.catalog.location}: there is no obs column {name!r} to group cells by")
    return SideColumn(name, infos[name].kind, _n_categories(source, selection, infos[name]))


def _n_categories(source: Source, selection: Selection, info: ColumnInfo) -> int:
    if info.kind == "category":
        return info.n_categories or 0
    if info.kind == "bool":
        return len(BOOLS)
    if info.kind != "string":
        raise BadInputError(
            f"the obs column {info.name!r} must hold categories, text or true/false to group cells by it, "
            f"got {info.dtype}; name another column"
        )
    texts = distinct(source, selection, info.name, MOST_TEXTS)
    if texts is None:
        raise BadInputError(
            f"the obs column {info.name!r} must have at most {MOST_TEXTS:,} different values to group cells "
            "by it, and has more; name another column"
        )
    return len(texts)


def _graph(source: Source, selection: Selection, key: str) -> tuple[SideGraph, int, int]:
    """The graph, its memory, and the memory of reading it."""
    if key not in source.catalog.obsp:
        raise BadInputError(f"{source.catalog.location}: there is no graph obsp/{key}")
    reader = source.matrix(f"obsp/{key}")
    info = reader.info
    if np.dtype(info.dtype).kind not in "fiub":
        raise BadInputError(f"obsp/{key} must hold numbers, got {info.dtype}; name another graph")
    cut = cut_matrix(reader, _BLOCK_VALUES, chunk_borders(reader))
    most_values = _most_values(reader, selection.cells)
    held = 8 * (selection.n_cells + 1) + most_values * (4 + index_dtype(selection.n_cells).itemsize)
    fullest = cut.most_values + held_values(reader, cut.lines, cut.before)
    loading = _SLACK + _VALUE_NBYTES * fullest + 32 * cut.most_lines + read_nbytes(info, source.catalog)
    loading += 0 if selection.cells is None else 8 * max(info.shape)
    if info.layout == "csc":  # it is there once more while rows are made of its columns
        loading += held
    return SideGraph(key, cut.cuts, most_values), held, loading


def index_dtype(n_cells: int) -> np.dtype[np.signedinteger]:
    """The type of the neighbours' numbers."""
    return np.dtype(np.int32 if n_cells <= np.iinfo(np.int32).max else np.int64)


def _most_values(reader: MatrixReader, cells: npt.NDArray[np.int64] | None) -> int:
    """Stored values of the exported lines, those to other cells and repeated ones among them."""
    n_lines = reader.info.shape[0]
    if cells is None:
        return int(reader.count_before(np.array([0, n_lines]))[-1])
    lines = np.unique(np.concatenate([[0, n_lines], cells, cells + 1]))
    before = reader.count_before(lines)
    at = np.searchsorted(lines, cells)
    return int((before[at + 1] - before[at]).sum())
