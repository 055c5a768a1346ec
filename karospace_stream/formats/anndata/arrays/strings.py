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

#: Values that are held to look whether there are more; beyond, only their hashes are.
_FEW = 65_536


def missing(tile: Column) -> npt.NDArray[np.bool_]:
    """True where a tile has no value, but for categories and floats."""
    return np.zeros(len(tile.values), bool) if tile.missing is None else tile.missing


def distinct_texts(tiles: Tiles, n_rows: int) -> Texts | None:
    """The values of a column, each once, sorted; None where all rows have one, and no two the same.

    Holds them, but for None: then eight bytes a row.
    """
    few = _collected(tiles, _FEW)
    if few is not None:
        n_missing = sum(int(missing(tile).sum()) for tile in tiles())
        return None if len(few) == n_rows and not n_missing else _sorted(few)
    return None if _all_different(tiles, n_rows) else _sorted(_collected(tiles) or set())


def n_held(tiles: Tiles, n_rows: int) -> int:
    """How many values `distinct_texts` will hold."""
    few = _collected(tiles, _FEW)
    if few is not None:
        return len(few)
    hashes = _hashes(tiles, n_rows)
    n_distinct = int(np.count_nonzero(hashes[1:] != hashes[:-1])) + 1
    return _FEW if len(hashes) == n_rows == n_distinct else n_distinct


def text_codes(tiles: Tiles, names: Texts) -> Iterator[Values]:
    """Places among all values, -1 where missing, tile by tile."""
    codes = {name: code for code, name in enumerate(names.tolist())}
    for tile in tiles():
        found = np.fromiter((codes.get(each, -1) for each in tile.values.tolist()), np.int64)
        found[missing(tile)] = -1
        yield found


def _collected(tiles: Tiles, most: int | None = None) -> set[str] | None:
    """All values; None where they are more than ``most``."""
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
    """Of the values that are there, sorted."""
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
    # That two texts have one hash, and so are taken for one here, only costs memory.
    return len(hashes) == n_rows and not len(repeated(hashes))
