"""Find the centres of large regions by tasks: an image of labels may have billions of pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from karospace_stream.inputs.kinds.spatialdata.centers import Centers, Points, add_up
from karospace_stream.inputs.kinds.spatialdata.coordinates import RegionCoordinates, moved
from karospace_stream.model.catalog import EmbeddingInfo
from karospace_stream.model.source import ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource

_AT_ONCE = 16  # files to read
_TILE = 1 << 16  # cells in a file
_PIECE_NBYTES = 64  # of one instance in scratch


def with_centring(source: AnnDataSource) -> AnnDataSource:
    """The source, with the preparation that its coordinates need."""
    for key, entry in source.parts.obsm.items():
        if isinstance(entry, RegionCoordinates) and entry.is_large and source.preparation is None:
            return replace(source, preparation=Centring(source, key, entry))
    return source


@dataclass(frozen=True, slots=True)
class Centring:
    """Puts the coordinates of the cells into scratch; see `Preparation`."""

    source: AnnDataSource
    key: str
    entry: RegionCoordinates

    @property
    def scratch_nbytes(self) -> int:
        """At most this, as cells are cut by few tiles."""
        return self.entry.n_rows * (2 * _PIECE_NBYTES + 8 * self.entry.width)

    @property
    def step_nbytes(self) -> int:
        """Memory of one step."""
        return max(region.element.piece_nbytes for region in self.entry.regions)

    def steps(self, task_nbytes: int) -> Sequence[tuple[int, Any]]:
        """Pieces of all regions."""
        regions = enumerate(self.entry.regions)
        return [(number, piece) for number, each in regions for piece in each.element.pieces(task_nbytes)]

    def run(self, step: tuple[int, Any], files: ScratchFiles) -> tuple[int, str, int]:
        """Find the centres in one piece."""
        number, piece = step
        region = self.entry.regions[number]
        data = _packed(region.element.read(piece))
        key = f"centres-{number}-{str(piece).translate(_NAME)}.npz"
        files.put(key, data)
        return number, key, len(data)

    def finish(self, results: Sequence[tuple[int, str, int]], files: ScratchFiles) -> AnnDataSource:
        """The source whose coordinates lie in scratch, a file for some cells."""
        entry, places = self.entry, {}
        for number, region in enumerate(entry.regions):
            ranges = [(key, 0, nbytes) for each, key, nbytes in results if each == number]
            places[region.name] = moved(region, add_up(region.element.what, _Parts(files, ranges)))
        for start in range(0, entry.n_rows, _TILE):
            stop = min(start + _TILE, entry.n_rows)
            files.put(_cells(start), entry.cells.place(places, start, stop, entry.width).tobytes())
        obsm = {**self.source.parts.obsm, self.key: ScratchCoordinates(files, entry.n_rows, entry.width)}
        return replace(self.source, parts=replace(self.source.parts, obsm=obsm), preparation=None)


_NAME = str.maketrans({" ": "", "(": "", ")": "", ",": "-"})


def _cells(start: int) -> str:
    return f"cells-{start // _TILE}"


def _packed(centers: Centers) -> bytes:
    target = io.BytesIO()
    ids = centers.ids.astype(str) if centers.ids.dtype == object else centers.ids
    if centers.weights is None:
        np.savez(target, ids=ids, points=centers.points)
    else:
        np.savez(target, ids=ids, points=centers.points, weights=centers.weights)
    return target.getvalue()


def _unpacked(data: bytes) -> Centers:
    with np.load(io.BytesIO(data)) as found:
        ids = found["ids"]
        ids = ids.astype(object) if ids.dtype.kind == "U" else ids
        return Centers(ids, found["points"], found.get("weights"))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parts of an element in scratch; some are in memory at a time."""

    files: ScratchFiles
    ranges: Sequence[tuple[str, int, int]]

    def __iter__(self) -> Iterator[Centers]:
        for start in range(0, len(self.ranges), _AT_ONCE):
            yield from map(_unpacked, self.files.read_ranges(self.ranges[start : start + _AT_ONCE]))


@dataclass(frozen=True, slots=True)
class ScratchCoordinates:
    """Coordinates in scratch, as an entry of obsm; see `EmbeddingEntry`."""

    files: ScratchFiles
    n_rows: int
    width: int

    def info(self, key: str) -> EmbeddingInfo:
        """Its catalog entry."""
        return EmbeddingInfo(key, self.width, "float64")

    def read(self, start: int, stop: int, n_columns: int) -> Points:
        """Coordinates of some cells; see the protocol."""
        row, ranges = 8 * self.width, []
        for first in range(start // _TILE * _TILE, stop, _TILE):
            begin, end = max(start, first) - first, min(stop, first + _TILE) - first
            ranges.append((_cells(first), begin * row, end * row))
        data = b"".join(self.files.read_ranges(ranges))
        return np.ascontiguousarray(np.frombuffer(data).reshape(stop - start, self.width)[:, :n_columns])
