"""Variable genes: sums over batches and the formulas on them, against NumPy on dense values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.measures.variable import batch_sums, clipped, dispersions
from karospace_stream.measures.variable.batch_sums import (
    BatchSums,
    Clipped,
    Moments,
    Terms,
    add_rows,
    gene_sums,
    tree_sum,
)
from karospace_stream.measures.variable.flavors import BatchMeans, batch_means

TILE = 16
N_CELLS, N_GENES, N_BATCHES = 70, 30, 3


@pytest.fixture(params=[1 << 18, 7], ids=["usual", "few at a time"], autouse=True)
def added(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are added so many at a time, which must not matter."""
    monkeypatch.setattr(batch_sums, "_ADDED", request.param)


def drawn(dtype: str = "f4", seed: int = 0) -> tuple[npt.NDArray[Any], npt.NDArray[np.int8]]:
    rng = np.random.default_rng(seed)
    values = rng.random((N_CELLS, N_GENES)) * 3 * (rng.random((N_CELLS, N_GENES)) < rng.random(N_GENES))
    if np.dtype(dtype).kind in "iu":
        values = np.floor(values * 9)
    values[:, 4] = 0
    return values.astype(dtype), rng.integers(-1, N_BATCHES, N_CELLS).astype(np.int8)


def by_rows(values: Any, codes: Any, terms: Terms) -> BatchSums:
    tiles = []
    for start in range(0, N_CELLS, TILE):
        sums = BatchSums.zeros(N_BATCHES, N_GENES)
        for begin, end in ((start, start + 5), (start + 5, min(start + TILE, N_CELLS))):
            add_rows(sums, values[begin:end], codes[begin:end], terms)
        tiles.append(sums)
    return tree_sum(tiles, BatchSums.add)


def by_genes(values: Any, codes: Any, terms_of: Any) -> BatchSums:
    several = []
    for gene, column in enumerate(values.T):
        rows = np.flatnonzero(column != 0)
        shape = (-(-N_CELLS // TILE), N_BATCHES)
        several.append(gene_sums(rows // TILE, column[rows], codes[rows], shape, terms_of(gene)))
    return BatchSums.joined(several)


def assert_same(one: BatchSums, other: BatchSums) -> None:
    for name in ("first", "second", "n_positive", "n_faulty"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i2", "u1"])
@pytest.mark.parametrize("terms", [Moments(), Moments(exponential=True), Moments(True, 2.0)], ids=str)
def test_moments(dtype: str, terms: Moments) -> None:
    values, codes = drawn(dtype)
    sums = by_rows(sparse.csr_matrix(values.astype("f4") if dtype == "f2" else values), codes, terms)
    for other in (by_rows(values, codes, terms), by_genes(values, codes, lambda _: terms)):
        assert_same(sums, other)
    exact = values.astype("f8")
    if terms.exponential:
        exact = np.expm1(exact * np.log(terms.log_base or np.e))
    tolerance = 1e-12 if dtype in ("f8", "i2", "u1") else 1e-6
    for batch in range(N_BATCHES):
        inside = exact[codes == batch]
        np.testing.assert_allclose(sums.first[batch], inside.sum(0), tolerance)
        np.testing.assert_allclose(sums.second[batch], (inside**2).sum(0), tolerance)
        assert sums.n_positive[batch].tolist() == (inside > 0).sum(0).tolist()


def test_values_that_are_not_finite_count_as_zero_and_are_counted() -> None:
    values, codes = drawn("f8")
    faulty = values.copy()
    faulty[:6, 3], faulty[6, 5], faulty[7, 5] = np.nan, np.inf, -np.inf
    sums = by_rows(faulty, codes, Moments())
    assert_same(sums, by_rows(sparse.csr_matrix(faulty), codes, Moments()))
    assert_same(sums, by_genes(faulty, codes, lambda _: Moments()))
    assert sums.n_faulty[3] == (codes[:6] >= 0).sum()
    assert sums.n_faulty[5] == (codes[6:8] >= 0).sum()
    values[:6, 3] = values[6:8, 5] = 0
    np.testing.assert_array_equal(sums.first, by_rows(values, codes, Moments()).first)


def test_clipped_values() -> None:
    values, codes = drawn("i4")
    limits = np.random.default_rng(1).random((N_BATCHES, N_GENES)) * 20
    sums = by_rows(sparse.csr_matrix(values), codes, Clipped(limits.ravel()))
    assert_same(sums, by_rows(values, codes, Clipped(limits.ravel())))
    assert_same(sums, by_genes(values, codes, lambda gene: Clipped(limits[:, gene])))
    for batch in range(N_BATCHES):
        cut = np.minimum(values[codes == batch], limits[batch])
        np.testing.assert_allclose(sums.first[batch], cut.sum(0), 1e-12)
        np.testing.assert_allclose(sums.second[batch], (cut**2).sum(0), 1e-12)


def means_of(values: npt.NDArray[Any]) -> BatchMeans:
    exact = values.astype("f8")
    positive = (values > 0).sum(0).astype(np.uint32)
    return batch_means(len(values), exact.sum(0), (exact**2).sum(0), positive)


def test_means_and_variances() -> None:
    values, _ = drawn("f8")
    found = means_of(values)
    np.testing.assert_allclose(found.mean, values.mean(0), 1e-12)
    np.testing.assert_allclose(found.variance, values.var(0, ddof=1), 1e-12, 1e-15)


def seurat(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The formula, bin by bin."""
    mean = values.mean(0)
    mean[mean == 0] = 1e-12
    with np.errstate(divide="ignore"):
        dispersion = np.log(values.var(0, ddof=1) / mean)
    dispersion[np.isinf(dispersion)] = np.nan
    logged = np.log1p(mean)
    borders = np.linspace(logged.min(), logged.max(), 21)
    norm = np.full(len(mean), np.nan)
    which = np.clip(np.searchsorted(borders, logged, side="left") - 1, 0, 19)
    for each in np.unique(which):
        inside = dispersion[which == each]
        there = inside[~np.isnan(inside)]
        if len(there) > 1:
            norm[which == each] = (inside - there.mean()) / there.std(ddof=1)
        elif len(there) == 1:
            norm[which == each] = inside / there.mean()
    return norm


def falling(norm: npt.NDArray[np.float64]) -> list[int]:
    order = np.argsort(np.where(np.isnan(norm), np.inf, -norm), kind="stable")
    return [int(each) for each in order if not np.isnan(norm[each])]


@pytest.mark.parametrize("n_top", [1, 8, 100])
def test_seurat(n_top: int) -> None:
    values, _ = drawn("f8")
    values[:, 9] = values[:, 8]  # a tie: in the order of var
    found = dispersions.by_dispersion(means_of(values), "seurat", n_top)[0]
    norm = seurat(values)
    expected = falling(norm)
    assert 4 not in found.tolist()  # no cell expresses it
    assert len(found) == min(n_top, len(expected))
    # Two genes of a bin have the root of one half, but for rounding.
    np.testing.assert_allclose(norm[found], norm[expected[:n_top]], 1e-12)
    if n_top > N_GENES:
        assert found.tolist().index(9) == found.tolist().index(8) + 1


def test_cell_ranger() -> None:
    rng = np.random.default_rng(2)
    values = rng.gamma(rng.random(200), size=(N_CELLS, 200))
    mean, dispersion = values.mean(0), values.var(0, ddof=1) / values.mean(0)
    borders = np.r_[-np.inf, np.percentile(mean, np.arange(10, 105, 5)), np.inf]
    which, norm = np.searchsorted(borders, mean, side="left"), np.zeros(200)
    for each in np.unique(which):
        inside = dispersion[which == each]
        spread = np.median(np.abs(inside - np.median(inside))) / 0.6744897501960817
        with np.errstate(invalid="ignore", divide="ignore"):
            norm[which == each] = (inside - np.median(inside)) / spread
    found = dispersions.by_dispersion(means_of(values), "cell_ranger", 40)[0]
    assert found.tolist() == falling(norm)[:40]
    values[:, :60] = 0
    with pytest.raises(BadInputError, match="bins coincide; use --hvg-flavor seurat"):
        dispersions.by_dispersion(means_of(values), "cell_ranger", 40)


def test_genes_that_are_variable_in_most_batches_come_first() -> None:
    batches, norms, n_batches = [], [], np.zeros(N_GENES)
    for seed in range(3):
        values, _ = drawn("f8", seed)
        batches.append(means_of(values))
        there = values.any(0)
        norm = np.zeros(N_GENES)
        norm[there] = seurat(values[:, there])
        best = np.sort(norm[there & ~np.isnan(norm)])[::-1][4]
        n_batches += there & (norm >= best)
        norms.append(norm)
    mean = np.nanmean(norms, axis=0)
    names = [f"gene-{number}" for number in np.random.default_rng(3).permutation(N_GENES)]
    order = np.lexsort((names, -mean, -n_batches))
    found = dispersions.by_dispersion_in_batches(batches, "seurat", 5, names)[0]
    assert found.tolist() == order[:5].tolist()


def polynomial(x: Any, y: Any) -> Any:
    return np.polyval(np.polyfit(x, y, 2), x)


def test_variances_of_clipped_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipped, "loess", polynomial)
    values, _ = drawn("i4")
    values[0, 2] = 500  # clipped
    means = means_of(values)
    found = clipped.fit(means)
    varied = means.variance > 0
    expected = polynomial(np.log10(means.mean[varied]), np.log10(means.variance[varied]))
    np.testing.assert_allclose(found.deviation[varied], np.sqrt(10**expected))
    assert (found.deviation[~varied] == 1).all()
    limits = found.deviation * np.sqrt(N_CELLS) + means.mean
    cut = np.minimum(values, limits)
    normalised = ((cut - means.mean) ** 2).sum(0) / ((N_CELLS - 1) * found.deviation**2)
    np.testing.assert_allclose(found.normalised(cut.sum(0), (cut**2).sum(0)), normalised, 1e-9, 1e-12)


def test_ranks_in_batches() -> None:
    variances = [np.array([5.0, 4, 3, 2, 1, 0]), np.array([0.0, 4, 3, 5, 1, np.nan])]
    # Ranks among the best 3: 0; 1 and 1; 2 and 2; 0. Of two with rank 0, that of most batches, else of var.
    assert clipped.by_rank_in_batches(variances, 3)[0].tolist() == [0, 3, 1]
    assert clipped.by_rank_in_batches(variances, 6)[0].tolist() == [1, 3, 0, 2, 4, 5]


def test_a_fit_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(x: Any, y: Any) -> Any:
        raise ValueError(b"span is too small")

    monkeypatch.setattr(clipped, "loess", fails)
    with pytest.raises(BadInputError, match=r"in 70 cells cannot be fitted \(span is too small\)"):
        clipped.fit(means_of(drawn("i4")[0]))


def test_scikit_misc_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipped, "find_spec", lambda name: None)
    with pytest.raises(BadOptionError, match=r"scikit-misc must be.*pip install 'karospace-stream\[hvg\]'"):
        clipped.require_loess()
