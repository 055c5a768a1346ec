"""Convert stored entries of a square matrix A to the edges of A + A transposed.

Every entry becomes one 64-bit key, ``low << 32 | high << 1 | backward``, where low and high are
its two cells: so an order of keys is the order of the edges, and both entries of an edge lie side
by side. NumPy sorts the keys without the interpreter lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock

#: Most cells of a graph: two cell numbers and a bit share a key.
MAX_CELLS = 2**31

_MASK = np.uint64(2**31 - 1)
_ONE, _HALF, _HIGH = np.uint64(1), np.uint64(31), np.uint64(32)

Keys = npt.NDArray[np.uint64]
Values = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class EdgeFragment:
    """Entries of one block, grouped by the band of the lower of their cells.

    Attributes
    ----------
    keys
        uint64, ``(n,)``; within a band in the order of the source.
    values
        ``(n,)``, the source's type (float32 for float16), none of them 0; empty where booleans.
    ends
        int64, ``(n_bands,)``: entries up to the end of each band.
    positive
        Whether no value is below 0.
    largest
        Largest value if all are integers, else 0.
    """

    keys: Keys
    values: Values
    ends: npt.NDArray[np.int64]
    positive: bool
    largest: int

    @property
    def nbytes(self) -> int:
        """Memory that the fragment takes, in bytes."""
        return self.keys.nbytes + self.values.nbytes + self.ends.nbytes


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges in order, each once, and the cells that are their own neighbours.

    Attributes
    ----------
    sources, targets
        ``(n,)``, sorted by (source, target), source < target.
    loops
        Sorted cell numbers: the diagonal, which is no edge but counts as a neighbour.
    """

    sources: npt.NDArray[np.unsignedinteger]
    targets: npt.NDArray[np.unsignedinteger]
    loops: npt.NDArray[np.unsignedinteger]


def cut_entries(
    block: RowBlock | DenseBlock | GeneBand,
    cell_cuts: npt.NDArray[np.int64],
    position_of: npt.NDArray[np.integer] | None,
) -> EdgeFragment:
    """Key the entries of some rows (or columns), and group them by band.

    Parameters
    ----------
    block
        As read; stored zeros are dropped.
    cell_cuts
        Where bands of exported cells begin, from 0 to the number of exported cells.
    position_of
        Exported number of every source cell, -1 if it is not exported; None if all are.
    """
    lines, ends, values = _entries(block)
    kept = values != 0
    if position_of is not None:
        lines, ends = position_of[lines], position_of[ends]
        kept &= (lines >= 0) & (ends >= 0)
    if not kept.all():
        lines, ends, values = lines[kept], ends[kept], values[kept]
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    keys, bands = _keys(lines, ends, cell_cuts)
    del lines, ends
    counts = np.bincount(bands, minlength=len(cell_cuts) - 1)
    positive = bool((values > 0).all()) or not bool((values < 0).any())  # NaN is neither
    whole = values.dtype.kind in "iu" and len(values) > 0
    largest = int(values.max()) if whole else 0
    order = np.argsort(bands, kind="stable")  # of 16 bits: a radix sort
    plain = values.dtype == np.bool_
    values = np.empty(0, np.bool_) if plain else values[order]
    return EdgeFragment(keys[order], values, np.cumsum(counts), positive, largest)


def _entries(
    block: RowBlock | DenseBlock | GeneBand,
) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer], Values]:
    """Line, position in the line, and value of every entry; transposed for columns, which is the same."""
    if isinstance(block, DenseBlock):
        rows, columns = np.nonzero(block.data)
        return rows + block.start, columns, block.data[rows, columns]
    indices = block.indices if isinstance(block, RowBlock) else block.rows
    numbers = np.arange(block.start, block.start + len(block.indptr) - 1, dtype=indices.dtype)
    return np.repeat(numbers, np.diff(block.indptr)), indices, block.data


def _keys(
    lines: npt.NDArray[np.integer], ends: npt.NDArray[np.integer], cell_cuts: npt.NDArray[np.int64]
) -> tuple[Keys, npt.NDArray[np.uint16]]:
    low = np.minimum(lines, ends)
    bands = (np.searchsorted(cell_cuts.astype(low.dtype), low, side="right") - 1).astype(np.uint16)
    keys = low.astype(np.uint64)
    del low
    keys <<= _HALF
    keys |= np.maximum(lines, ends).astype(np.uint64)
    keys <<= _ONE
    keys |= lines > ends
    return keys, bands


def cancels(positive: bool, largest: int, n_entries: int, dtype: np.dtype[Any]) -> bool:
    """Whether nonzero entries may sum to 0: if signs differ, or integers wrap around."""
    if dtype.kind == "b":
        return False
    if not positive:
        return True
    return dtype.kind in "iu" and 2 * largest * n_entries > np.iinfo(dtype).max


def edges_of(keys: Keys, index: npt.DTypeLike) -> Edges:
    """The edges of entries whose sums cannot be 0. Sorts ``keys`` in place."""
    keys >>= _ONE
    keys.sort()
    keys = keys[_first_of_run(keys)]
    return _split(keys, index)


def edges_of_values(keys: Keys, values: Values, index: npt.DTypeLike) -> Edges:
    """The edges of entries that may sum to 0, in the source's type as SciPy sums them.

    Repeats of an entry are summed before the entry is added to its transposed.
    """
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    del order
    begins = np.flatnonzero(_first_of_run(keys))
    keys = keys[begins] >> _ONE
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.add.reduceat(values, begins, dtype=values.dtype) if len(begins) else values
        second = np.flatnonzero(keys[1:] == keys[:-1]) + 1
        sums[second - 1] += sums[second]
        loops = (keys >> _HALF) == (keys & _MASK)
        sums[loops] += sums[loops]
    there = sums != 0
    there[second] = False
    return _split(keys[there], index)


def _first_of_run(values: Keys) -> npt.NDArray[np.bool_]:
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first


def _split(pairs: Keys, index: npt.DTypeLike) -> Edges:
    """Pairs ``low << 31 | high`` as two columns, without those of a cell with itself."""
    sources, targets = (pairs >> _HALF).astype(index), (pairs & _MASK).astype(index)
    loops = sources == targets
    if not loops.any():
        return Edges(sources, targets, np.empty(0, index))
    return Edges(sources[~loops], targets[~loops], sources[loops])
