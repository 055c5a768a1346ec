"""Cost of the stages of an AnnData store, except X."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.anndata.entries import Entry, Table
from karospace_stream.formats.anndata.layout.arrays import PER_SHARD, WHOLE
from karospace_stream.formats.anndata.matrix.graph_plan import GraphRows
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.plan import StageCost

_SLACK = 12 << 20  # a ranged read, chunks, small arrays
_STRING_NBYTES = 150  # a Python string, with its source bytes
_CHUNK_COPIES = 6  # the rows of a chunk, joined, shuffled, packed
_HASH_NBYTES = 16  # of a name, sorted, and the equal ones


def stage_costs(
    n_cells: int,
    *,
    columns: Sequence[ColumnInfo],
    n_texts: Sequence[int],
    entries: Sequence[Entry],
    tables: Sequence[Table],
    sparse: Sequence[GraphRows],
    n_genes: int,
    graph: GraphRows | None,
    shard: bool,
    latent: Entry | None,
    min_points: int,
) -> tuple[StageCost, ...]:
    """Memory of one task of each stage.

    Parameters
    ----------
    n_texts
        The most distinct values of a text column; of a category, its names.
    """
    rows = min(WHOLE, max(n_cells, 1))
    chunk = _SLACK + rows * 8 * _CHUNK_COPIES + (_shard_nbytes(8 * n_cells) if shard else 0)
    text = (min(TILE, n_cells) + rows) * _STRING_NBYTES
    names = n_cells * _HASH_NBYTES
    distinct = max(n_texts, default=0) * 2 * _STRING_NBYTES
    genes = n_genes * 2 * _STRING_NBYTES
    costs = [StageCost("columns", chunk + text + max(names, distinct, genes), len(columns) + 2 + len(tables))]
    if entries or sparse:
        widest = max((entry.n_columns for entry in entries), default=0)
        tile = min(TILE, n_cells) * widest * 4 * 4
        tile += _shard_nbytes(4 * widest * n_cells) if shard else 0
        costs.append(
            StageCost(
                "points",
                max(chunk + tile, *(each.task_nbytes for each in sparse), 0),
                len(entries) + len(sparse),
            )
        )
    if latent is not None:
        n_scored = min(max(n_texts, default=2), n_cells // min_points + 1)
        centres = n_scored * latent.n_columns * 8 * 3
        tile = min(TILE, n_cells) * (latent.n_columns * 12 + _STRING_NBYTES)
        held = n_cells * (4 + 8 + 8 + 8)  # codes, distances, the largest category sorted
        costs.append(StageCost("outliers", chunk + distinct + centres + tile + held, len(n_texts)))
    if graph is not None:
        costs.append(StageCost("graph", _SLACK + graph.task_nbytes, 1))
    return tuple(costs)


def _shard_nbytes(array_nbytes: int) -> int:
    """Packed chunks of a shard, and the shard built from them."""
    return 2 * min(PER_SHARD * WHOLE * 8, array_nbytes)
