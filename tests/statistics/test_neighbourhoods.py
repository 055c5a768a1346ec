"""Neighbouring groups and co-occurrence against slow loops, and the same whoever counts which part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from karospace_stream.measures.neighbourhoods import co_occurrence as pairs
from karospace_stream.measures.neighbourhoods import enrichment as tested
from karospace_stream.measures.neighbourhoods.enrichment import enrichment
from karospace_stream.model.side_inputs import Neighbours

N_CELLS, N_GROUPS = 150, 4


def graph_of(seed: int = 0) -> sparse.csr_matrix:
    """Of one direction, weighted, with loops and stored zeros; some cells have no neighbours."""
    rng = np.random.default_rng(seed)
    made = sparse.random(N_CELLS, N_CELLS, 0.04, "lil", np.float32, rng)
    made.setdiag((rng.random(N_CELLS) < 0.2).astype(np.float32))
    made[3:9] = 0
    found = made.tocsr()
    found.eliminate_zeros()
    found.data[::13] = 0
    found.sort_indices()
    return found


def neighbours(graph: sparse.csr_matrix) -> Neighbours:
    return Neighbours(graph.indptr.astype(np.int64), graph.indices, graph.data)


def codes_of(*, without: bool, dtype: str = "int8") -> np.ndarray:
    codes = np.random.default_rng(1).integers(0, N_GROUPS - 1, N_CELLS).astype(dtype)  # the last has none
    if without:
        codes[::7] = -1
    return codes


def slow_count(graph: sparse.csr_matrix, codes: np.ndarray) -> np.ndarray:
    found = np.zeros((N_GROUPS, N_GROUPS), int)
    for cell, (first, stop) in enumerate(pairwise(graph.indptr)):
        for other in graph.indices[first:stop]:
            if codes[cell] >= 0 and codes[other] >= 0:
                found[codes[cell], codes[other]] += 1
    return found


@pytest.mark.parametrize("without", [False, True])
@pytest.mark.parametrize("entries", [1 << 20, 11])
@pytest.mark.parametrize("dtype", ["int8", "int32"])
def test_enrichment(dtype: str, entries: int, without: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "ENTRIES", entries)
    graph, codes = graph_of(), codes_of(without=without, dtype=dtype)
    found = enrichment(neighbours(graph), codes, N_GROUPS, 20, 5)
    np.testing.assert_array_equal(found.counts, slow_count(graph, codes))
    # As Squidpy: one generator, one array that is shuffled again and again.
    generator, there = np.random.RandomState(5), codes >= 0
    groups, several = codes[there].astype(np.uint32), []
    for _ in range(20):
        generator.shuffle(groups)
        shuffled = codes.copy()
        shuffled[there] = groups
        several.append(slow_count(graph, shuffled))
    with np.errstate(invalid="ignore"):
        expected = (found.counts - np.mean(several, 0)) / np.std(several, 0)
    np.testing.assert_allclose(found.z_scores, expected, 1e-12)
    assert np.isnan(found.z_scores[-1]).all()  # without cells
    assert not found.counts[-1].any()


def test_one_group_has_no_z_score() -> None:
    found = enrichment(neighbours(graph_of()), np.zeros(N_CELLS, np.int8), 1, 10, 0)
    assert found.counts[0, 0] == graph_of().nnz
    assert np.isnan(found.z_scores).all()


def grid() -> np.ndarray:
    """Many pairs as far apart as the borders are."""
    return np.stack(np.meshgrid(np.arange(30), np.arange(20)), -1).reshape(-1, 2).astype(np.float32) * 7


POINTS = {
    "anywhere": np.random.default_rng(2).random((600, 2), np.float32) * 1000,
    "tiny": np.random.default_rng(2).random((600, 2), np.float32) * 1e-3,
    "far away": np.random.default_rng(2).random((600, 2), np.float32) + np.float32(1e5),
    "grid": grid(),
}
BORDERS = np.arange(7, 7 * 51, 7, dtype=np.float32)


def slow_pairs(coords: np.ndarray, codes: np.ndarray, distances: np.ndarray) -> np.ndarray:
    exact = coords.astype(float)
    apart = ((exact[:, None] - exact) ** 2).sum(-1)
    np.fill_diagonal(apart, np.inf)
    limits = distances[1:].astype(float) ** 2
    found = np.zeros((N_GROUPS, N_GROUPS, len(limits)))
    for one in range(N_GROUPS):
        for other in range(N_GROUPS):
            between = np.sort(apart[np.ix_(codes == one, codes == other)].ravel())
            found[one, other] = np.searchsorted(between, limits, "right")
    return found


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize("borders", [False, True])
def test_pairs(name: str, borders: bool) -> None:
    coords = POINTS[name]
    codes = np.random.default_rng(3).integers(-1, N_GROUPS - 1, len(coords))
    distances = BORDERS if borders else pairs.distances_of(coords)
    assert distances is not None
    whole, other = pairs.count_pairs(coords, [codes, codes[::-1]], [N_GROUPS, N_GROUPS], distances, 0, 600)
    both = np.cumsum(whole + whole.transpose(1, 0, 2), axis=2)
    expected = slow_pairs(coords, codes, distances)
    np.testing.assert_array_equal(both, expected)
    # As Squidpy, whose loops are kept here as they are there.
    of_second, n_cells = expected.sum(0), np.bincount(codes[codes >= 0], minlength=N_GROUPS)
    ratios = pairs.ratios(whole, n_cells)
    for limit in range(len(distances) - 1):
        share = of_second[:, limit] / of_second[:, limit].sum()
        for second in range(N_GROUPS - 1):
            for first in range(N_GROUPS - 1):
                ratio = 0.0
                if share[first] and of_second[second, limit]:
                    ratio = expected[second, first, limit] / of_second[second, limit] / share[first]
                assert ratios[first, second, limit] == pytest.approx(ratio, rel=1e-12)
    assert np.isnan(ratios[-1]).all()
    assert np.isnan(ratios[:, -1]).all()
    # Whoever counts which part.
    parts = [
        pairs.count_pairs(coords, [codes], [N_GROUPS], distances, *cut) for cut in pairwise([0, 9, 400, 600])
    ]
    np.testing.assert_array_equal(sum(part[0] for part in parts), whole)
    assert not np.array_equal(other, whole)


def test_cuts() -> None:
    for n_cells in (0, 1, 3, 4_000, 4_001, 50_000):
        cuts = pairs.row_cuts(n_cells)
        assert cuts == sorted(cuts)
        assert (cuts[0], cuts[-1]) == (0, n_cells)


def test_cells_are_drawn_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    there = np.arange(1_000) % 10 > 0
    np.testing.assert_array_equal(pairs.drawn_cells(there, 0), np.flatnonzero(there))
    monkeypatch.setattr(pairs, "MOST_CELLS", 50)
    drawn = pairs.drawn_cells(there, 0)
    assert len(np.unique(drawn)) == 50
    assert there[drawn].all()
    np.testing.assert_array_equal(drawn, pairs.drawn_cells(there, 0))
    assert not np.array_equal(drawn, pairs.drawn_cells(there, 1))


@pytest.mark.parametrize("coords", [np.zeros((5, 2)), np.ones((2, 2)), np.empty((0, 2))])
def test_no_distances(coords: np.ndarray) -> None:
    assert pairs.distances_of(coords.astype(np.float32)) is None
