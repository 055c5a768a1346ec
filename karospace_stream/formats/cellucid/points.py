"""Stages of points and vector fields."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.points import (
    Normalisation,
    has_position,
    in_corner,
    join_point_ranges,
    normalisation,
    point_range,
)
from karospace_stream.encode.arrays import little_endian
from karospace_stream.errors import BadInputError
from karospace_stream.formats.cells.tiles import read_coords
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.model.blob import Receipt
from karospace_stream.model.selection import EmbeddingChoice


def find_normalisation(job: CellucidJob, number: int) -> Normalisation:
    """Centre and scale of one embedding over all exported cells with coordinates in it.

    Raises
    ------
    BadInputError
        If no cell has coordinates, or one lacks them and that is refused.
    """
    choice = job.plan.points[number]
    ranges, n_without = [], 0
    for tile in _tiles(job, choice):
        placed = tile if job.plan.own.strict else tile[has_position(tile)]
        n_without += len(tile) - len(placed)
        if len(placed):
            ranges.append(point_range(placed))
    if not ranges:
        raise BadInputError(
            f"obsm[{choice.key!r}] must have finite coordinates, but no exported cell has any; name "
            "another embedding with --points KEY"
        )
    return normalisation(join_point_ranges(ranges), choice.key, n_without)


def count_without_coordinates(job: CellucidJob) -> int:
    """Number of cells without coordinates in the latent space."""
    if job.plan.own.strict:
        return 0
    return sum(int(np.count_nonzero(~has_position(tile))) for tile in _tiles(job, job.plan.latent))


def write_points(job: CellucidJob, number: int, normal: Normalisation) -> Receipt:
    """Write one embedding, centred and scaled."""
    choice = job.plan.points[number]
    pieces = (little_endian(in_corner(normal.points(tile))) for tile in _tiles(job, choice))
    return job.put_packed(job.layout.points(choice.n_dims), pieces)


def write_vectors(job: CellucidJob, number: int, normal: Normalisation) -> Receipt:
    """Write one vector field, scaled like the points of its dimension."""
    field = job.plan.vectors[number]
    choice = EmbeddingChoice(("obsm", field.key), field.n_dims, y_down=False)
    pieces = (little_endian(normal.vectors(tile)) for tile in _tiles(job, choice))
    return job.put_packed(job.layout.vectors(field.field, field.n_dims), pieces)


def normalised(job: CellucidJob, number: int, normal: Normalisation) -> Iterator[npt.NDArray[np.float32]]:
    """Points as written, tile by tile."""
    return map(normal.points, _tiles(job, job.plan.points[number]))


def latent(job: CellucidJob) -> Iterator[npt.NDArray[np.float32]]:
    """The latent space in float32, tile by tile."""
    with np.errstate(over="ignore"):
        for tile in _tiles(job, job.plan.latent):
            yield tile.astype(np.float32, copy=False)


def _tiles(job: CellucidJob, choice: EmbeddingChoice) -> Iterator[npt.NDArray[np.floating]]:
    return read_coords(job.source, job.selection, choice, 0, job.selection.n_cells)
