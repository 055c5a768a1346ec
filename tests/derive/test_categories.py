"""Centroids and outlier quantiles, tile by tile, compared with all cells of a category at once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.derive.centroids import centroids
from karospace_stream.derive.groups import count_categories, runs_of
from karospace_stream.derive.outliers_v1 import outlier_quantiles
from karospace_stream.errors import BadInputError

Read = Callable[[], Iterator[tuple[np.ndarray, np.ndarray]]]


def reader(codes: np.ndarray, points: np.ndarray, cuts: list[int]) -> Read:
    bounds = [0, *sorted(cuts), len(codes)]
    return lambda: ((codes[a:b], points[a:b]) for a, b in pairwise(bounds))


def counts_of(codes: np.ndarray, n_categories: int) -> np.ndarray:
    counts = np.zeros(n_categories, np.int64)
    count_categories(counts, codes[:7])
    count_categories(counts, codes[7:])
    return counts


def quantiles_at_once(latent: np.ndarray, codes: np.ndarray, n_categories: int, least: int) -> np.ndarray:
    quantiles = np.full(len(codes), np.nan, np.float32)
    for category in range(n_categories):
        own = np.flatnonzero(codes == category)
        if len(own) >= least:
            away = np.linalg.norm(latent[own] - latent[own].mean(axis=0), axis=1)
            ranks = (away[:, None] >= away).sum(axis=1) if len(own) < 3000 else _ranks(away)
            quantiles[own] = ranks.astype(np.float32) / len(own)
    return quantiles


def _ranks(away: np.ndarray) -> np.ndarray:
    values, inverse, counts = np.unique(away, return_inverse=True, return_counts=True)
    assert len(values)
    return np.cumsum(counts)[inverse]


def centroids_at_once(
    points: np.ndarray, codes: np.ndarray, n_categories: int, quantile: float, least: int
) -> list[tuple[int, tuple[float, ...], int]]:
    found = []
    for category in range(n_categories):
        own = points[codes == category]
        if len(own) < least:
            continue
        centre, used = own.mean(axis=0), len(own)
        if len(own) > least:
            away = np.linalg.norm(own - centre, axis=1)
            inside = own[away <= np.quantile(away, quantile)]
            if len(inside) >= least:
                centre, used = inside.mean(axis=0), len(inside)
        found.append((category, tuple(centre.tolist()), used))
    return found


@st.composite
def cells(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, list[int]]:
    n_categories, n = draw(st.integers(0, 6)), draw(st.integers(0, 300))
    n_dims = draw(st.sampled_from([1, 2, 3, 7, 8, 9, 50, 130]))
    rng = np.random.default_rng(draw(st.integers(0, 9_999)))
    points = rng.normal(size=(n, n_dims)).astype(np.float32)
    if draw(st.booleans()):
        points = np.round(points)  # so that distances are equal
    codes = rng.choice([-1, *range(n_categories)], n)  # 255 and 65,535 where they cannot be negative
    codes = codes.astype(draw(st.sampled_from([np.int32, np.int64, np.int8, np.uint8, np.uint16])))
    return codes, points, n_categories, draw(st.lists(st.integers(0, n), max_size=4))


@settings(max_examples=200)
@given(cells(), st.integers(1, 40))
def test_outlier_quantiles_to_the_last_bit(case: tuple, least: int) -> None:
    codes, latent, n_categories, cuts = case
    counts = counts_of(codes, n_categories)
    read = reader(codes, latent, cuts)
    kept = outlier_quantiles(read, counts, latent.shape[1], min_points=least, what="X_pca")
    got = np.concatenate([kept.take(part) for part, _ in read()])
    np.testing.assert_array_equal(got, quantiles_at_once(latent, codes, n_categories, least))
    assert len(kept.values) == np.isfinite(got).sum()


@settings(max_examples=200)
@given(cells(), st.integers(1, 40), st.sampled_from([0.95, 0.6, 0.999]))
def test_centroids_to_the_last_bit(case: tuple, least: int, quantile: float) -> None:
    codes, points, n_categories, cuts = case
    read = reader(codes, points, cuts)
    got = centroids(
        read,
        counts_of(codes, n_categories),
        points.shape[1],
        quantile=quantile,
        min_points=least,
        what="X_umap",
    )
    as_tuples = [(one.category, one.position, one.n_points) for one in got]
    assert as_tuples == centroids_at_once(points, codes, n_categories, quantile, least)


@pytest.mark.parametrize("n_dims", [1, 2, 3, 20])
def test_large_categories_to_the_last_bit(n_dims: int) -> None:
    rng = np.random.default_rng(n_dims)
    n = 100_000
    codes = rng.choice([-1, 0, 1, 2], n, p=[0.01, 0.9, 0.08, 0.01]).astype(np.int32)
    points = (rng.normal(size=(n, n_dims)) + 10).astype(np.float32)
    read = reader(codes, points, [1_000, 66_536])
    counts = counts_of(codes, 4)
    got = centroids(read, counts, n_dims, quantile=0.95, min_points=10, what="")
    assert [(one.category, one.position, one.n_points) for one in got] == centroids_at_once(
        points, codes, 4, 0.95, 10
    )
    kept = outlier_quantiles(read, counts, n_dims, min_points=10, what="")
    taken = np.concatenate([kept.take(part) for part, _ in read()])
    np.testing.assert_array_equal(taken, quantiles_at_once(points, codes, 4, 10))


def test_many_categories_of_few_cells() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 70_000, 5_000).astype(np.int32)
    codes[:40] = 69_999
    points = rng.normal(size=(5_000, 2)).astype(np.float32)
    counts = counts_of(codes, 70_000)
    got = centroids(reader(codes, points, [30]), counts, 2, quantile=0.95, min_points=2, what="")
    wanted = centroids_at_once(points, codes, 70_000, 0.95, 2)
    assert [(one.category, one.position, one.n_points) for one in got] == wanted


def test_all_cells_of_a_category_in_one_place_have_quantile_1() -> None:
    codes, latent = np.zeros(12, np.int32), np.ones((12, 3), np.float32)
    kept = outlier_quantiles(reader(codes, latent, [5]), np.array([12]), 3, min_points=10, what="")
    assert kept.take(codes).tolist() == [1] * 12


@pytest.mark.parametrize("n_dims", [1, 2, 5])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_where_it_counts(n_dims: int, wrong: float) -> None:
    codes = np.array([0] * 12 + [1] * 3 + [-1], np.int32)
    counts = np.array([12, 3])
    latent = np.ones((16, n_dims), np.float32)
    latent[12:, 0] = wrong  # in a category that is too small, and in none
    read = reader(codes, latent, [6, 13])
    kept = outlier_quantiles(read, counts, n_dims, min_points=10, what="X_pca")
    assert np.isfinite(kept.take(codes)).tolist() == [True] * 12 + [False] * 4
    assert [c.category for c in centroids(read, counts, n_dims, quantile=0.9, min_points=9, what="")] == [0]
    latent[3, 0] = wrong
    with pytest.raises(BadInputError, match="X_pca must be finite"):
        outlier_quantiles(read, counts, n_dims, min_points=10, what="X_pca")


def test_runs() -> None:
    runs = runs_of(np.array([2, -1, 0, 2, 1, 0]), np.array([True, False, True]))
    assert [(category, rows.tolist()) for category, rows in runs] == [(0, [2, 5]), (2, [0, 3])]


@pytest.mark.parametrize("n_dims", [1, 2, 50])
def test_the_cost_is_8_bytes_a_cell_whatever_the_width(n_dims: int) -> None:
    n, step = 1_500_000, 20_000
    codes, tile = np.zeros(n, np.uint8), np.ones((step, n_dims), np.float32)

    def read() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        return ((codes[start : start + step], tile) for start in range(0, n, step))

    counts = np.array([n])
    tracemalloc.start()
    try:
        outlier_quantiles(read, counts, n_dims, min_points=10, what="")
        if n_dims <= 3:
            centroids(read, counts, n_dims, quantile=0.95, min_points=10, what="")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    tiles = 3 * tile.nbytes + (6 << 20)  # a tile's own temporaries
    assert 8 * n < peak < 8 * n + tiles
