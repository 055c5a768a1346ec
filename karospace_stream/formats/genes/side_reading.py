"""Read the side inputs of gene writers, once in each process."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cells.tiles import TILE, read_column, read_coords
from karospace_stream.formats.genes.side_plan import BOOLS, SideColumn, SideGraph, SidePlan, index_dtype
from karospace_stream.model.column import Column
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import Codes, Neighbours, SideInputs
from karospace_stream.model.source import Source
from karospace_stream.transpose.lines import read_lines


def read_side_inputs(source: Source, selection: Selection, plan: SidePlan) -> SideInputs:
    """Read all of it, for the exported cells in exported order.

    Raises
    ------
    BadInputError
        If a part is damaged, or a weight of a graph is beyond float32.
    """
    return SideInputs(
        {column.name: _read_codes(source, selection, column) for column in plan.columns},
        {choice: _read_embedding(source, selection, choice) for choice in plan.embeddings},
        {graph.key: _read_graph(source, selection, graph) for graph in plan.graphs},
    )


def _read_codes(source: Source, selection: Selection, column: SideColumn) -> Codes:
    values = np.empty(selection.n_cells, column.dtype)
    names: dict[str, int] = {}
    categories: tuple[str, ...] = BOOLS
    at = 0
    for tile in read_column(source, selection, column.name, 0, selection.n_cells):
        if tile.categories is not None:
            categories = tile.categories
        values[at : at + len(tile.values)] = _codes_of(tile, names)
        at += len(tile.values)
    if column.kind == "string":
        categories = _sort(values, names)
    values.setflags(write=False)
    return Codes(values, categories)


def _codes_of(tile: Column, names: dict[str, int]) -> npt.NDArray[np.generic]:
    """Codes of a tile; of text, in the order in which the values of all tiles first appear."""
    if tile.kind == "category":
        return tile.values
    if tile.kind == "bool":
        codes = tile.values.astype(np.int8)
    else:
        there = np.ones(len(tile.values), bool) if tile.missing is None else ~tile.missing
        codes = np.full(len(tile.values), -1, np.int32)
        texts = map(str, tile.values[there].tolist())
        codes[there] = np.fromiter((names.setdefault(each, len(names)) for each in texts), np.int32)
    if tile.missing is not None:
        codes[tile.missing] = -1
    return codes


def _sort(values: npt.NDArray[np.generic], names: dict[str, int]) -> tuple[str, ...]:
    """Number text by its sorted values, in place."""
    ordered = tuple(sorted(names))
    new = np.full(len(names) + 1, -1, values.dtype)  # the last one for those that are missing
    new[[names[name] for name in ordered]] = np.arange(len(ordered))
    for at in range(0, len(values), TILE):
        values[at : at + TILE] = new[values[at : at + TILE]]
    return ordered


def _read_embedding(source: Source, selection: Selection, choice: EmbeddingChoice) -> npt.NDArray[np.float32]:
    coords = np.empty((selection.n_cells, choice.n_dims), np.float32)
    at = 0
    with np.errstate(over="ignore"):
        for tile in read_coords(source, selection, choice, 0, selection.n_cells):
            coords[at : at + len(tile)] = tile
            at += len(tile)
    coords.setflags(write=False)
    return coords


def _read_graph(source: Source, selection: Selection, graph: SideGraph) -> Neighbours:
    reader, n_cells = source.matrix(graph.name), selection.n_cells
    indptr = np.zeros(n_cells + 1, np.int64)
    indices = np.empty(graph.most_values, index_dtype(n_cells))
    weights = np.empty(graph.most_values, np.float32)
    at = 0
    for first, block in read_lines(reader, graph.cuts, selection.cells, square=True, dtype="float64"):
        stop = at + len(block.data)
        _check_weights(graph.name, block.data)
        indices[at:stop], weights[at:stop] = block.indices, block.data
        indptr[first + 1 : first + 1 + block.shape[0]] = at + block.indptr[1:]
        at = stop
    # Where cells are left out, or entries repeat, there is less than there could have been.
    indices.resize(at, refcheck=False)
    weights.resize(at, refcheck=False)
    if reader.info.layout == "csc":
        by_rows = sparse.csc_matrix((weights, indices, indptr), shape=(n_cells, n_cells)).tocsr()
        indptr, indices, weights = by_rows.indptr.astype(np.int64), by_rows.indices, by_rows.data
    for each in (indptr, indices, weights):
        each.setflags(write=False)
    return Neighbours(indptr, indices, weights)


def _check_weights(name: str, weights: npt.NDArray[np.float64]) -> None:
    largest = np.abs(weights[np.isfinite(weights)]).max(initial=0)
    if largest > np.finfo(np.float32).max:
        raise BadInputError(
            f"{name}: weights must be within the range of float32, got {largest:g}; name another graph"
        )
