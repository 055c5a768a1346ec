"""Cleaning, summaries and sums, compared with NumPy on the whole gene."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.derive.bounds import Bounds, bounds_of, join_bounds
from karospace_stream.derive.genes import add_row_sums, clean, clean_band, summarise_band

values32 = st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 3.4e38])


@given(st.lists(values32, max_size=12), st.integers(0, 3))
def test_a_clean_gene_is_finite_and_the_rest_is_untouched(stored: list[float], n_zeros: int) -> None:
    given_values = np.asarray(stored, np.float32)
    before = given_values.copy()
    cleaned, n_missing, n_clipped = clean(given_values, len(stored) + n_zeros)
    finite = np.isfinite(before)
    assert np.isfinite(cleaned).all()
    assert cleaned.dtype == np.float32
    np.testing.assert_array_equal(cleaned[finite], before[finite])
    assert (cleaned[np.isnan(before)] == 0).all()
    assert (n_missing, n_clipped) == (np.isnan(before).sum(), np.isinf(before).sum())
    np.testing.assert_array_equal(given_values, before)
    in_range = [*before[finite].tolist(), *[0.0] * n_zeros] or [0.0]
    assert (cleaned[before == np.inf] == max(in_range)).all()
    assert (cleaned[before == -np.inf] == min(in_range)).all()


@given(st.lists(st.lists(values32, max_size=6), min_size=1, max_size=8), st.integers(0, 3))
def test_a_band_is_cleaned_and_summarised_gene_by_gene(genes: list[list[float]], n_zeros: int) -> None:
    n_cells = max(map(len, genes)) + n_zeros
    indptr = np.cumsum([0, *map(len, genes)])
    given_values = np.asarray([value for gene in genes for value in gene], np.float32)
    stored, *faults = clean_band(given_values, indptr, n_cells)
    summaries = summarise_band(stored, indptr, n_cells, *faults)
    assert len(summaries) == len(genes)
    for gene, summary, own in zip(genes, summaries, np.split(stored, indptr[1:-1]), strict=True):
        alone, n_missing, n_clipped = clean(np.asarray(gene, np.float32), n_cells)
        np.testing.assert_array_equal(own, alone)
        assert (summary.n_missing, summary.n_clipped) == (n_missing, n_clipped)
        whole = np.concatenate([alone, np.zeros(n_cells - len(gene), np.float32)])
        if n_cells:
            assert (summary.minimum, summary.maximum) == (whole.min(), whole.max())
            assert summary.mean == pytest.approx(whole.mean(dtype=np.float64), rel=1e-6, abs=1e-3)
        assert summary.n_expressing == np.count_nonzero(whole)


def test_a_summary_does_not_depend_on_the_rest_of_the_band() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.integers(0, 90_000, 12)  # more than one group of genes
    values = rng.normal(size=lengths.sum()).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    none = np.zeros(12, np.int64)
    together = summarise_band(values, indptr, 100_000, none, none)
    for gene, summary in enumerate(together):
        own = values[indptr[gene] : indptr[gene + 1]]
        alone = summarise_band(own, np.asarray([0, len(own)]), 100_000, none[:1], none[:1])
        assert alone == [summary]


@given(st.integers(0, 99), st.lists(st.integers(0, 300), max_size=4))
def test_sums_do_not_depend_on_the_cuts(seed: int, inner: list[int]) -> None:
    rng = np.random.default_rng(seed)
    genes, values = (
        rng.integers(0, 5, 300),
        rng.normal(size=300).astype(np.float32) * 10.0 ** rng.integers(-9, 9, 300),
    )
    whole = np.zeros(5)
    add_row_sums(whole, genes, values)
    cut = np.zeros(5)
    bounds = [0, *sorted(inner), 300]
    for start, stop in itertools.pairwise(bounds):
        add_row_sums(cut, genes[start:stop], values[start:stop])
    assert cut.tobytes() == whole.tobytes()


def test_sums_of_more_values_than_are_added_at_once() -> None:
    sums = np.zeros(2)
    add_row_sums(sums, np.tile([0, 1], 300_000), np.tile(np.array([1, 2], np.uint8), 300_000))
    assert sums.tolist() == [300_000, 600_000]


def test_what_is_no_number_is_not_added() -> None:
    sums = np.zeros(2)
    add_row_sums(sums, np.array([0, 0, 1, 1]), np.array([1, np.nan, np.inf, 2], np.float32))
    assert sums.tolist() == [1, 2]


def test_bounds() -> None:
    values = np.array([[1, np.nan, -1e308], [3, np.inf, 1.7e308], [2, np.nan, 1.7e308]])
    bounds = bounds_of(values)
    assert bounds == Bounds((1, math.inf, -1e308), (3, -math.inf, 1.7e308))
    assert bounds.middle == (2, 0, pytest.approx(0.35e308))
    assert bounds_of(np.empty((0, 1), np.float32)) == Bounds((math.inf,), (-math.inf,))
    assert join_bounds([bounds_of(values[:1]), bounds_of(values[1:])]) == bounds


def test_the_middle_of_the_largest_numbers_is_finite() -> None:
    assert Bounds((1.7e308,), (1.79e308,)).middle == (pytest.approx(1.745e308),)
