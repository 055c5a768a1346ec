"""Coordinates of the cells of a table: the centres of what it annotates, joined by the names of instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.kinds.spatialdata.centers import Places, Points, add_up
from karospace_stream.inputs.kinds.spatialdata.regions import Region
from karospace_stream.inputs.kinds.spatialdata.shapes import as_names
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.model.column import Column
from karospace_stream.source.elements.columns import Element as ColumnElement
from karospace_stream.source.files.prefetch import ReadCache
from karospace_stream.source.problems.damage import damage_of

_CACHE: ReadCache[Places] = ReadCache(256 << 20)
_INSTANCE_NBYTES = 32  # name and place
_PIECE_NBYTES = 128 << 20
_ROUGH = 0.25  # cost of what stands in: a second
_GOLDEN = np.array([0.7548776662466927, 0.5698402909980532, 0.4301597090019468])


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of obs that say which instance a cell is.

    Attributes
    ----------
    region
        None if there is only one.
    """

    region: ColumnElement | None
    instance: ColumnElement

    @property
    def n_rows(self) -> int:
        """Number of cells."""
        return self.instance.n_rows

    def place(self, places: Mapping[str, Places], start: int, stop: int, width: int) -> Points:
        """Coordinates of some cells, from those of the instances of each region."""
        column = self.instance.read("", start, stop)
        ids = names_of(column)
        found = np.full((stop - start, width), np.nan)
        for name, rows in self.rows(tuple(places), start, stop).items():
            found[rows] = places[name].of(ids[rows])[:, :width]
        if column.missing is not None:
            found[column.missing] = np.nan
        return found

    def rows(self, names: Sequence[str], start: int, stop: int) -> dict[str, npt.NDArray[np.intp]]:
        """The rows that are cells of each region, if there are any."""
        if self.region is None:
            return {name: np.arange(stop - start) for name in names[:1]}
        column = self.region.read("", start, stop)
        values: Any = column.values
        by: dict[str, Any] = {name: name for name in names}
        if column.categories is not None:
            codes = {name: code for code, name in enumerate(column.categories)}
            by = {name: codes.get(name, -2) for name in names}
        found = {name: np.flatnonzero(values == value) for name, value in by.items()}
        return {name: rows for name, rows in found.items() if len(rows)}


def names_of(column: Column) -> npt.NDArray[Any]:
    """Names of instances in a column of obs: int64, or text as ``object``."""
    if column.categories is not None:
        return np.array([*column.categories, ""], object)[column.values.astype(np.intp)]
    values = column.values
    return values if values.dtype == object else as_names(values)


@dataclass(frozen=True, slots=True)
class RegionCoordinates:
    """The centres of regions as an entry of obsm; see `EmbeddingEntry`.

    Large regions are read by tasks before the export (`Centring`). Until then the places come from less
    detail, or are made up: they are distinct, and regions lie apart.
    """

    key: str
    cells: Cells
    regions: tuple[Region, ...]

    @property
    def n_rows(self) -> int:
        """Length."""
        return self.cells.n_rows

    @property
    def width(self) -> int:
        """2, or 3 if all regions have a depth."""
        return min(region.element.n_axes for region in self.regions)

    @property
    def is_large(self) -> bool:
        """Whether reading all regions takes more than a few seconds."""
        return self._cost(0) > 1

    @property
    def is_made_up(self) -> bool:
        """Whether the coordinates are only known once a preparation has found them."""
        return self.is_large and self._level() is None

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return EmbeddingInfo(key, self.width, "float64")

    def read(self, start: int, stop: int, n_columns: int) -> Points:
        """Coordinates of some cells; see the protocol."""
        level = self._level() if self.is_large else 0
        with damage_of(f"obsm/{self.key}"):
            if level is None:
                found = self._made_up(start, stop)
            else:
                wanted = self.cells.rows([region.name for region in self.regions], start, stop)
                places = {
                    region.name: self._places(region, level)
                    for region in self.regions
                    if region.name in wanted
                }
                found = self.cells.place(places, start, stop, self.width)
            if level:  # whether a cell has no place is not known yet
                found[np.isnan(found).any(axis=1)] = self._middle(level)
        return np.ascontiguousarray(found[:, :n_columns])

    def _level(self) -> int | None:
        """The level that stands in for large regions; None if none of them is small."""
        deepest = max(len(region.levels) for region in self.regions)
        return next((level for level in range(1, deepest) if self._cost(level) <= _ROUGH), None)

    def _middle(self, level: int) -> Points:
        """Some place among the others."""
        places = [self._places(region, level).points for region in self.regions[:1]]
        found: Points = np.concatenate([*places, np.zeros((1, places[0].shape[1]))]).mean(axis=0)[
            : self.width
        ]
        return found

    def _cost(self, level: int) -> float:
        return sum(region.levels[min(level, len(region.levels) - 1)].cost for region in self.regions)

    def _places(self, region: Region, level: int) -> Places:
        element = region.levels[min(level, len(region.levels) - 1)]
        nbytes = _INSTANCE_NBYTES * min(element.most_instances, self.n_rows)
        return _CACHE.get(
            (element, region.transformation),
            nbytes,
            lambda: moved(
                region, add_up(element.what, [element.read(each) for each in element.pieces(_PIECE_NBYTES)])
            ),
        )

    def _made_up(self, start: int, stop: int) -> Points:
        spread: Points = np.arange(start, stop)[:, None] * _GOLDEN[: self.width] % 1
        rows = self.cells.rows([region.name for region in self.regions], start, stop)
        for number, region in enumerate(self.regions):
            spread[rows.get(region.name, ()), 0] += 2 * number
        spread *= 1000
        return spread


def moved(region: Region, places: Places) -> Places:
    """The places of a region in the coordinate system."""
    return Places(places.ids, region.transformation.apply(places.points))
