"""The neighbour graph, streamed: scatter entries by band, gather edges, read them in order.

Each band holds the entries whose lower cell falls in its range. So each band is sorted, summed and
deduplicated by itself, and the bands in order give all edges in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock
from karospace_stream.transpose.edges.kernels import (
    Edges,
    Keys,
    Values,
    cancels,
    cut_entries,
    edges_of,
    edges_of_values,
)
from karospace_stream.transpose.edges.plan import EdgePlan
from karospace_stream.transpose.edges.receipts import EdgeBand, EdgeColumn, EdgeReceipt, EdgeScratch
from karospace_stream.transpose.edges.steps import count_keys, cut_steps


class GraphReader(Protocol):
    """The interface that we need of a source's matrix of cells x cells."""

    @property
    def info(self) -> MatrixInfo:
        """Layout and shape."""
        ...

    def read_rows(self, start: int, stop: int) -> RowBlock | DenseBlock:
        """Complete rows; not of CSC."""
        ...

    def read_genes(self, start: int, stop: int) -> GeneBand:
        """Complete columns; of CSC."""
        ...


def scatter_edges(
    reader: GraphReader,
    plan: EdgePlan,
    block: int,
    scratch: EdgeScratch,
    cells: npt.NDArray[np.int64] | None = None,
) -> EdgeReceipt:
    """Read one block of rows (of columns where CSC), and store its entries by band.

    Parameters
    ----------
    block
        Its number, below ``plan.n_blocks``.
    cells
        Source rows that are exported, sorted; None for all. Edges to others are dropped.
    """
    start, stop = plan.line_cuts[block : block + 2]
    read = reader.read_genes if reader.info.layout == "csc" else reader.read_rows
    position_of = None if cells is None else _positions(cells, reader.info.shape[0])
    fragment = cut_entries(read(start, stop), np.asarray(plan.cell_cuts), position_of)
    return scratch.write_block(block, fragment)


def gather_edges(
    scratch: EdgeScratch, receipts: Sequence[EdgeReceipt], plan: EdgePlan, band: int
) -> EdgeBand:
    """Sort one band's entries, sum both directions, and store its edges in order.

    Parameters
    ----------
    receipts
        Of all blocks, in their order.
    band
        Its number, below ``plan.n_bands``.
    """
    return scratch.write_band(band, edge_steps(scratch, receipts, plan, band))


def edge_pieces(
    scratch: EdgeScratch, bands: Sequence[EdgeBand], plan: EdgePlan, column: EdgeColumn
) -> Iterator[npt.NDArray[np.unsignedinteger]]:
    """Yield one column of all edges, in order, at most ``plan.step_entries`` at a time.

    Parameters
    ----------
    bands
        Receipts of all bands, in their order.
    column
        ``"sources"``, ``"targets"``, or ``"loops"`` (cells that are their own neighbours).

    Yields
    ------
    ``plan.index_dtype``, native byte order.
    """
    for receipt in bands:
        yield from scratch.read_band(receipt.band, column, plan.index_dtype)


def edge_steps(
    scratch: EdgeScratch, receipts: Sequence[EdgeReceipt], plan: EdgePlan, band: int
) -> Iterator[Edges]:
    """The edges of one band, in order, as many at a time as the plan allows."""
    n_entries = sum(int(receipt.counts[band]) for receipt in receipts)

    def histogram(begin: int, end: int, shift: int, n_buckets: int) -> npt.NDArray[np.int64]:
        counts = np.zeros(n_buckets, np.int64)
        for keys in scratch.read_keys(receipts, band):
            counts += count_keys(keys, begin, end, shift, n_buckets)
        return counts

    begin, end = (cell << 32 for cell in plan.cell_cuts[band : band + 2])
    for step in cut_steps(histogram, begin, end, n_entries, plan.step_entries):
        yield _step(scratch, receipts, plan, band, step)


def _step(
    scratch: EdgeScratch,
    receipts: Sequence[EdgeReceipt],
    plan: EdgePlan,
    band: int,
    step: tuple[int, int, int],
) -> Edges:
    begin, end, n_entries = step
    dtype = np.result_type(*(receipt.dtype for receipt in receipts))
    positive = all(receipt.positive for receipt in receipts)
    largest = max(receipt.largest for receipt in receipts)
    keys = np.empty(n_entries, np.uint64)
    if not cancels(positive, largest, n_entries, dtype):
        at = 0
        for piece in scratch.read_keys(receipts, band):
            at = _append(keys, at, piece, piece, begin, end)
        return edges_of(keys, plan.index_dtype)
    values = np.empty(n_entries, dtype)
    at = 0
    for piece, weights in zip(
        scratch.read_keys(receipts, band), scratch.read_values(receipts, band), strict=True
    ):
        _append(values, at, weights, piece, begin, end)
        at = _append(keys, at, piece, piece, begin, end)
    return edges_of_values(keys, values, plan.index_dtype)


def _append(out: npt.NDArray[Any], at: int, piece: Values, keys: Keys, begin: int, end: int) -> int:
    """Append the entries whose keys are from ``begin`` to ``end``."""
    inside = (keys >= np.uint64(begin)) & (keys < np.uint64(end))
    part = piece if inside.all() else piece[inside]
    out[at : at + len(part)] = part
    return at + len(part)


def _positions(cells: npt.NDArray[np.int64], n_cells: int) -> npt.NDArray[np.int32]:
    """Exported number of every source cell, -1 if it is not exported: four bytes per cell."""
    where = np.full(n_cells, -1, np.int32)
    where[cells] = np.arange(len(cells), dtype=np.int32)
    return where
