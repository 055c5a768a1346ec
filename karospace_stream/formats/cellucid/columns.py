"""Stages of the obs columns: numbers, and categories with their centroids and outliers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.centroids import Centroid, Tile, centroids
from karospace_stream.derive.groups import count_categories
from karospace_stream.derive.outliers_v1 import outlier_quantiles
from karospace_stream.derive.points import Normalisation, has_position
from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.quantise import quantised, value_range
from karospace_stream.formats.cells.tiles import TILE, read_column
from karospace_stream.formats.cellucid.fields import Field
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.cellucid.layout.obs import CategoricalField, ContinuousField, Label
from karospace_stream.formats.cellucid.layout.stored import CodesDtype
from karospace_stream.formats.cellucid.points import latent, normalised
from karospace_stream.formats.columns.codes import codes_of
from karospace_stream.model.blob import Receipt

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class FieldWritten:
    """One column: its files, its manifest entry, and the number of NaN and infinities stored as a code."""

    receipts: tuple[Receipt, ...]
    entry: ContinuousField | CategoricalField
    n_bad: int = 0


def write_continuous(job: CellucidJob, number: int) -> FieldWritten:
    """Write a column of numbers. Holds it once, as float32."""
    key, column = job.plan.fields[number].key, job.plan.fields[number].column
    values = np.empty(job.selection.n_cells, np.float32)
    at = 0
    for tile in read_column(job.source, job.selection, column, 0, len(values)):
        part = values[at : at + len(tile.values)]
        with np.errstate(over="ignore"):
            part[:] = tile.values.astype(np.float32)
        if tile.missing is not None:
            part[tile.missing] = np.nan
        at += len(part)
    path = job.layout.obs_values(key, job.obs.extension)
    if job.obs.bits is None:
        return FieldWritten((job.put_packed(path, map(little_endian, _parts(values))),), ContinuousField(key))
    low, high = value_range(values)
    receipt = job.put_packed(path, _codes(job, _parts(values), low, high))
    n_bad = sum(int(np.count_nonzero(~np.isfinite(part))) for part in _parts(values))
    return FieldWritten((receipt,), ContinuousField(key, low, high), n_bad)


def write_categorical(
    job: CellucidJob, number: int, normals: list[Normalisation], n_without: int
) -> FieldWritten:
    """Write a column of categories: codes, centroids, outlier quantiles.

    Cells without coordinates (``n_without`` in the latent space) belong to no category there.

    Holds the codes (4 bytes per cell), and one number per cell (see `outlier_quantiles`).
    """
    field = job.plan.fields[number]
    assert field.categories is not None
    codes = _read_codes(job, field)
    counts = np.zeros(len(field.categories), np.int64)
    for part in _parts(codes):
        count_categories(counts, part)
    centroids = {
        choice.n_dims: _labels(job, field, codes, counts, each, normals[each])
        for each, choice in enumerate(job.plan.points)
    }
    receipts = [_write_codes(job, field, codes)]
    outliers, low, high = _write_outliers(job, field, codes, counts, n_without)
    entry = CategoricalField(field.key, field.categories, _dtype(field), centroids, low, high)
    return FieldWritten((*receipts, outliers), entry)


def _read_codes(job: CellucidJob, field: Field) -> npt.NDArray[np.int32]:
    assert field.categories is not None
    codes = np.empty(job.selection.n_cells, np.int32)
    at = 0
    for tile in read_column(job.source, job.selection, field.column, 0, len(codes)):
        codes[at : at + len(tile.values)] = codes_of(tile, field.categories)
        at += len(tile.values)
    return codes


def _write_codes(job: CellucidJob, field: Field, codes: npt.NDArray[np.int32]) -> Receipt:
    stored = _dtype(field)
    dtype = np.dtype(stored.dtype)
    pieces = (little_endian(np.where(part < 0, stored.missing, part).astype(dtype)) for part in _parts(codes))
    return job.put_packed(job.layout.obs_codes(field.key, stored.extension), pieces)


def _labels(
    job: CellucidJob,
    field: Field,
    codes: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int64],
    number: int,
    normal: Normalisation,
) -> list[Label]:
    assert field.categories is not None
    choice, quantile = job.plan.points[number], job.plan.own.centroid_outlier_quantile
    if quantile is None:
        return []
    read = _with(codes, lambda: normalised(job, number, normal))
    if normal.n_without:
        read, counts = _placed(read, len(counts))
    found: tuple[Centroid, ...] = centroids(
        read,
        counts,
        choice.n_dims,
        quantile=quantile,
        min_points=job.plan.own.centroid_min_points,
        what=choice.key,
    )
    return [Label(field.categories[one.category], one.position, one.n_points) for one in found]


def _write_outliers(
    job: CellucidJob,
    field: Field,
    codes: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int64],
    n_without: int,
) -> tuple[Receipt, float | None, float | None]:
    read = _with(codes, lambda: latent(job))
    if n_without:
        read, counts = _placed(read, len(counts))
        codes = np.concatenate([part for part, _ in read()])
    quantiles = outlier_quantiles(
        read,
        counts,
        job.plan.latent.n_dims,
        min_points=job.plan.own.centroid_min_points,
        what=job.plan.latent.key,
    )
    path = job.layout.obs_outliers(field.key, job.obs.extension)
    in_order = map(quantiles.take, _parts(codes))
    if job.obs.bits is None:
        return job.put_packed(path, map(little_endian, in_order)), None, None
    low, high = value_range(quantiles.values)
    return job.put_packed(path, _codes(job, in_order, low, high)), low, high


def _with(
    codes: npt.NDArray[np.int32], tiles: Callable[[], Iterator[npt.NDArray[np.float32]]]
) -> Callable[[], Iterator[Tile]]:
    """Tiles of codes and points, restarted at each call."""

    def read() -> Iterator[Tile]:
        at = 0
        for tile in tiles():
            yield codes[at : at + len(tile)], tile
            at += len(tile)

    return read


def _placed(
    read: Callable[[], Iterator[Tile]], n_categories: int
) -> tuple[Callable[[], Iterator[Tile]], npt.NDArray[np.int64]]:
    """Tiles in which cells without coordinates have no category, and the resulting size of each category."""

    def placed() -> Iterator[Tile]:
        for codes, points in read():
            there = has_position(points)
            yield np.where(there, codes, -1), np.where(there[:, None], points, np.float32(0))

    counts = np.zeros(n_categories, np.int64)
    for codes, _ in placed():
        count_categories(counts, codes)
    return placed, counts


def _codes(
    job: CellucidJob, parts: Iterator[npt.NDArray[np.float32]], low: float, high: float
) -> Iterator[memoryview]:
    assert job.obs.bits is not None
    for part in parts:
        yield little_endian(quantised(part, job.obs.bits, low, high))


def _parts(values: npt.NDArray[Scalar]) -> Iterator[npt.NDArray[Scalar]]:
    return (values[start : start + TILE] for start in range(0, len(values), TILE))


def _dtype(field: Field) -> CodesDtype:
    assert field.codes is not None
    return field.codes
