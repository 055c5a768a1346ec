"""String columns: find their distinct values, without holding all of them if every value is unique."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.index import hashes_of, repeated
from karospace_stream.formats.anndata.arrays.rows import Values
from karospace_stream.model.column import Column

Tiles = Callable[[], Iterator[Column]]
Texts = npt.NDArray[np.object_]

#: Number of distinct values held in memory; beyond that, only hashes are held.
_FEW = 65_536


def missing(tile: Column) -> npt.NDArray[np.bool_]:
    """True where a tile has no value, except for categories and floats."""
    return np.zeros(len(tile.values), bool) if tile.missing is None else tile.missing


def distinct_texts(tiles: Tiles, n_rows: int) -> Texts | None:
    """Sorted distinct values of a column; None if every row has a value and no two are equal.

    Holds them; for None, holds eight bytes per row.
    """
    few = _collected(tiles, _FEW)
    if few is not None:
        n_missing = sum(int(missing(tile).sum()) for tile in tiles())
        return None if len(few) == n_rows and not n_missing else _sorted(few)
    return None if _all_different(tiles, n_rows) else _sorted(_collected(tiles) or set())


def n_held(tiles: Tiles, n_rows: int) -> int:
    """Number of values that `distinct_texts` will hold."""
    few = _collected(tiles, _FEW)
    if few is not None:
        return len(few)
    hashes = _hashes(tiles, n_rows)
    n_distinct = int(np.count_nonzero(hashes[1:] != hashes[:-1])) + 1
    return _FEW if len(hashes) == n_rows == n_distinct else n_distinct


def text_codes(tiles: Tiles, names: Texts) -> Iterator[Values]:
    """Indices into all values, -1 where missing, tile by tile."""
    codes = {name: code for code, name in enumerate(names.tolist())}
    for tile in tiles():
        found = np.fromiter((codes.get(each, -1) for each in tile.values.tolist()), np.int64)
        found[missing(tile)] = -1
        yield found


def _collected(tiles: Tiles, most: int | None = None) -> set[str] | None:
    """All values; None if there are more than ``most``."""
    found: set[str] = set()
    for tile in tiles():
        found.update(tile.values[~missing(tile)].tolist())
        if most is not None and len(found) > most:
            return None
    return found


def _sorted(found: set[str]) -> Texts:
    names = np.empty(len(found), object)
    names[:] = sorted(found)
    return names


def _hashes(tiles: Tiles, n_rows: int) -> npt.NDArray[np.uint64]:
    """Sorted hashes of the values that are not missing."""
    hashes, at = np.empty(n_rows, np.uint64), 0
    for tile in tiles():
        there = hashes_of(tile.values[~missing(tile)].astype(object, copy=False))
        hashes[at : at + len(there)] = there
        at += len(there)
    hashes = hashes[:at]
    hashes.sort()
    return hashes


def _all_different(tiles: Tiles, n_rows: int) -> bool:
    hashes = _hashes(tiles, n_rows)
    # If two strings share a hash and so count as one here, that only costs memory.
    return len(hashes) == n_rows and not len(repeated(hashes))
