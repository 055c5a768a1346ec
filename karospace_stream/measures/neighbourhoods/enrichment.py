"""Neighbourhood enrichment: how often groups are neighbours, beside shuffled groups.

The counts and z-scores of ``squidpy.gr.nhood_enrichment`` with the same seed and one job: its generator is
``numpy.random.RandomState``, which shuffles the groups of all cells in place, again and again. NumPy
promises that this generator gives the same numbers for good. Counts are whole numbers, so sums over shuffles
are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.model.side_inputs import Neighbours

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: Entries of a graph that are counted at once, about, and the memory of each.
ENTRIES, ENTRY_NBYTES = 1 << 20, 20
#: Memory of an entry of the graph, where cells without a group are left out of it.
KEPT_NBYTES = 40


@dataclass(frozen=True, slots=True, eq=False)
class Enrichment:
    """How often groups are neighbours, ``(n_groups, n_groups)`` each.

    Attributes
    ----------
    counts
        int64: entries of the graph from a cell of the group of the row to one of the group of the column.
    z_scores
        Beside shuffled groups; NaN if all shuffles gave the same number, as for a group without cells.
    """

    counts: Ints
    z_scores: Floats


def enrichment(
    graph: Neighbours, codes: npt.NDArray[np.signedinteger], n_groups: int, permutations: int, seed: int
) -> Enrichment:
    """Count neighbours, and shuffle the groups of the cells that have one.

    Weights do not matter; stored zeros and loops count, as for Squidpy. Cells without a group are left out.

    Parameters
    ----------
    codes
        The group of every cell, -1 for none.
    permutations
        Number of shuffles; without any, there are no z-scores.
    seed
        From 0 to 2^32 - 1.
    """
    indptr, indices, codes = _with_groups(graph, codes)
    cuts = _cuts(indptr)
    counts = _count(indptr, indices, codes, n_groups, cuts)
    if not permutations:
        return Enrichment(counts, np.full(counts.shape, np.nan))
    shuffled, generator = codes.copy(), np.random.RandomState(seed)
    first: Ints | None = None
    # Squares of differences from the first shuffle, which are as small as the differences between shuffles.
    total, squares = np.zeros(counts.shape, np.int64), np.zeros(counts.shape)
    for _ in range(permutations):
        generator.shuffle(shuffled)
        found = _count(indptr, indices, shuffled, n_groups, cuts)
        first = found if first is None else first
        more = found - first
        total += more
        squares += more.astype(np.float64) ** 2
    assert first is not None
    mean = total / permutations
    variance = np.maximum(squares / permutations - mean**2, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        z_scores = np.where(squares > 0, (counts - first - mean) / np.sqrt(variance), np.nan)
    return Enrichment(counts, z_scores)


def _with_groups(
    graph: Neighbours, codes: npt.NDArray[np.signedinteger]
) -> tuple[Ints, npt.NDArray[np.signedinteger], npt.NDArray[np.signedinteger]]:
    """Offsets, neighbours and groups of the cells that have a group, numbered anew."""
    there = codes >= 0
    if there.all():
        return graph.indptr, graph.indices, codes
    numbers = (np.cumsum(there) - 1).astype(graph.indices.dtype)
    kept = there[graph.indices]
    kept &= np.repeat(there, np.diff(graph.indptr))
    before = np.concatenate([[0], np.cumsum(kept)])
    ends = before[graph.indptr]
    indptr = np.concatenate([[0], ends[1:][there]])
    return indptr, numbers[graph.indices[kept]], codes[there]


def _cuts(indptr: Ints) -> Sequence[int]:
    """Rows where the graph is cut for counting."""
    n_cells, at = len(indptr) - 1, [0]
    while at[-1] < n_cells:
        stop = int(np.searchsorted(indptr, indptr[at[-1]] + ENTRIES, "right")) - 1
        at.append(min(n_cells, max(stop, at[-1] + 1)))
    return at


def _count(
    indptr: Ints,
    indices: npt.NDArray[np.signedinteger],
    codes: npt.NDArray[np.signedinteger],
    n_groups: int,
    cuts: Sequence[int],
) -> Ints:
    # The narrowest integers that hold the number of a pair: the fewest bytes are fetched at random.
    dtype = np.min_scalar_type(n_groups * n_groups)
    narrow = codes.astype(dtype)
    found = np.zeros(n_groups * n_groups, np.int64)
    for pairs in _pairs(indptr, indices, narrow, n_groups, cuts):
        found += np.bincount(pairs, minlength=n_groups * n_groups)
    return found.reshape(n_groups, n_groups)


def _pairs(
    indptr: Ints,
    indices: npt.NDArray[np.signedinteger],
    codes: npt.NDArray[np.unsignedinteger],
    n_groups: int,
    cuts: Sequence[int],
) -> Iterator[npt.NDArray[np.unsignedinteger]]:
    """Group of the row times ``n_groups`` plus group of the column, of some entries at a time."""
    for first, stop in pairwise(cuts):
        lengths = np.diff(indptr[first : stop + 1])
        pairs = np.repeat(codes[first:stop] * codes.dtype.type(n_groups), lengths)
        pairs += codes[indices[indptr[first] : indptr[stop]]]
        yield pairs
