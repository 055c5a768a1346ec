"""Tiles of shapes as bytes, one after another in packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.gzip import gzip_pieces
from karospace_stream.formats.karospace.tissue.shapes.rings import Rings
from karospace_stream.model.blob import Receipt

_STEPS = 65535
#: Of bundles that are not compressed: a tile is a gzip member all the same.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class ShapeTile:
    """One tile as written.

    Attributes
    ----------
    pack
        Number among the files of its task.
    box
        Left, top, right, bottom.
    """

    pack: int
    offset: int
    nbytes: int
    n_shapes: int
    n_vertices: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ShapePack:
    """The files of one task, and the tiles in them."""

    receipts: tuple[Receipt, ...]
    tiles: tuple[ShapeTile, ...]


def tiles_of(
    rings: Rings, tiles: npt.NDArray[np.int64], level: int | None
) -> Iterator[tuple[bytes, Rings, tuple[float, float, float, float]]]:
    """Each tile as bytes, in ascending order; shapes of a tile stay in their order."""
    order = np.argsort(tiles, kind="stable")
    ends = np.flatnonzero(np.diff(tiles[order])) + 1
    for which in np.split(order, ends) if len(order) else ():
        some = rings.only(which)
        low, high = some.vertices.min(axis=0), some.vertices.max(axis=0)
        packed = b"".join(gzip_pieces(_pieces(some, low, high), _LEVEL if level is None else level))
        yield packed, some, (*low.tolist(), *high.tolist())


def _pieces(
    rings: Rings, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> Sequence[bytes | memoryview]:
    size = np.where(high > low, high - low, 1)
    at = np.rint((rings.vertices - low) / size * _STEPS).astype(np.uint16)
    arrays = (rings.cells, rings.starts.astype(np.uint32), at[:, 0], at[:, 1])
    return [little_endian(np.ascontiguousarray(each)) for each in arrays]
