"""Cost of the stages of a Cellucid export."""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.cellucid.fields import Field
from karospace_stream.formats.cellucid.layout.vectors import VectorField
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import EmbeddingChoice

_SLACK = 12 << 20  # a ranged read, chunks, small arrays
_TEMPORARY = 8  # arrays of the size of a tile in float32: as read, as float64, scaled, packed
_STRING_NBYTES = 150  # a Python string of a tile, with its source bytes


def stage_costs(
    n_cells: int,
    fields: Sequence[Field],
    points: Sequence[EmbeddingChoice],
    latent: EmbeddingChoice,
    vectors: Sequence[VectorField],
) -> tuple[StageCost, ...]:
    """Memory of one task of each stage: a tile, and for columns the data held for all cells."""
    widest = max((choice.n_dims for choice in points), default=1)
    rows = min(TILE, n_cells)
    costs = [StageCost("points", _tile(max(widest, latent.n_dims), rows), 2 * len(points) + 1)]
    if vectors:
        costs.append(StageCost("vectors", _tile(widest, rows), len(vectors)))
    if fields:
        held = 4 + 4 + 4  # codes, quantiles, the largest category sorted
        categories = max(len(field.categories or ()) for field in fields) * (8 * latent.n_dims + 400)
        tile = _tile(max(latent.n_dims, widest), rows) + rows * _STRING_NBYTES
        costs.append(StageCost("columns", tile + held * n_cells + categories, len(fields)))
    return tuple(costs)


def _tile(n_dims: int, rows: int) -> int:
    return _SLACK + rows * 4 * n_dims * _TEMPORARY
