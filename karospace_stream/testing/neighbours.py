"""A neighbour graph of any number of cells, written row after row in constant memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from karospace_stream.testing.recipe import Recipe

_WINDOW = 8_192
_FAR_SHARE = 3  # one neighbour in three is in the window far away


class NeighbourGraph:
    """The nearest neighbours of every cell in the UMAP, symmetric as UMAP makes it.

    A search among all cells would have to hold them all. So cells are cut into windows, each of
    which has a partner as far from the end as it is from the beginning; neighbours are searched
    in both. As a partner's partner is the window itself, both directions of an edge are known
    where two windows are.
    """

    def __init__(self, recipe: Recipe, n_neighbors: int) -> None:
        self._recipe = recipe
        self._n_far = n_neighbors // _FAR_SHARE
        self._n_near = n_neighbors - self._n_far
        self._n_windows = -(-recipe.n_cells // _WINDOW)

    @property
    def most_values(self) -> int:
        """Bound of the stored weights: every neighbour may be listed from one side only."""
        return 2 * self._recipe.n_cells * (self._n_near + self._n_far)

    def rows(self) -> Iterator[sparse.csr_matrix]:
        """Rows of the graph in order, some thousand at a time: weights from 0 to 1, float32."""
        for window in range(self._n_windows):
            partner = self._n_windows - 1 - window
            here = self._points(window)
            if partner == window:
                both = _nearest(here, here, self._n_near + self._n_far, same=True)
                yield self._placed([(window, _union(both, both.T))])
                continue
            there = self._points(partner)
            near = _nearest(here, here, self._n_near, same=True)
            out, back = (_nearest(*pair, self._n_far, same=False) for pair in ((here, there), (there, here)))
            parts = [(window, _union(near, near.T)), (partner, _union(out, back.T))]
            yield self._placed(sorted(parts, key=lambda part: part[0]))

    def _points(self, window: int) -> npt.NDArray[np.float64]:
        start = window * _WINDOW
        stop = min(start + _WINDOW, self._recipe.n_cells)
        return self._recipe.points(start, stop)

    def _placed(self, parts: list[tuple[int, sparse.csr_matrix]]) -> sparse.csr_matrix:
        """Windows of columns, side by side, at their positions in the full width."""
        joined = sparse.hstack([part for _, part in parts], "csr")
        begins = [np.arange(part.shape[1]) + window * _WINDOW for window, part in parts]
        joined.sort_indices()
        columns = np.concatenate(begins)[joined.indices]
        shape = (joined.shape[0], self._recipe.n_cells)
        return sparse.csr_matrix((joined.data, columns, joined.indptr), shape=shape)


def _nearest(
    points: npt.NDArray[np.float64], among: npt.NDArray[np.float64], n: int, *, same: bool
) -> sparse.csr_matrix:
    """The ``n`` nearest of ``among`` for each of ``points``, without itself; nearer is heavier."""
    n = min(n, len(among) - same)
    shape = (len(points), len(among))
    if n <= 0:
        return sparse.csr_matrix(shape, dtype=np.float32)
    distances, found = cKDTree(among).query(points, np.arange(1 + same, n + same + 1))
    weights = np.exp(-distances / (distances.mean() + 1e-9)).astype(np.float32)
    indptr = np.arange(len(points) + 1) * n
    graph = sparse.csr_matrix((weights.ravel(), found.ravel(), indptr), shape=shape)
    graph.sort_indices()
    return graph


def _union(graph: sparse.csr_matrix, other: sparse.csr_matrix) -> sparse.csr_matrix:
    """The fuzzy union a + b - ab of two graphs."""
    return (graph + other - graph.multiply(other)).tocsr()
