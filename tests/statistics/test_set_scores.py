"""Scores of gene sets: the control genes and the numbers of Scanpy, the same from rows and from genes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.derive.set_scores import GeneByGene, Scoring, bins_of, drawn_genes, score_rows

N_CELLS, N_GENES = 300, 2_000


def as_scanpy(values: Any, genes: Any) -> Any:
    """``scanpy.tl.score_genes`` of version 1.11, in its own words, of dense values in float64."""
    np.random.seed(0)
    pool = pd.Index([f"g{number}" for number in range(values.shape[1])])
    gene_list = pool[genes]
    obs_avg = pd.Series(np.nanmean(values, axis=0), index=pool)
    obs_avg = obs_avg[np.isfinite(obs_avg)]
    n_items = int(np.round(len(obs_avg) / 24))
    obs_cut = obs_avg.rank(method="min") // n_items
    control = pd.Index([], dtype="str")
    for cut in np.unique(obs_cut.loc[gene_list]):
        r_genes = obs_cut[obs_cut == cut].index
        if len(r_genes) > 50:
            r_genes = r_genes.to_series().sample(50).index
        control = control.union(r_genes.difference(gene_list))
    means = [np.nanmean(values[:, pool.get_indexer(each)], axis=1) for each in (gene_list, control)]
    return means[0] - means[1]


@pytest.fixture(scope="module")
def values() -> Any:
    rng = np.random.default_rng(4)
    shares = rng.random(N_GENES) ** 2
    drawn = rng.gamma(2, 1, (N_CELLS, N_GENES)) * (rng.random((N_CELLS, N_GENES)) < shares)
    drawn[:, 7], drawn[:, 90:120] = 0, drawn[:, 60:90]  # ties of means
    drawn[5, 10:500:7] = np.nan
    return drawn


@pytest.fixture(scope="module")
def sets() -> list[Any]:
    rng = np.random.default_rng(5)
    drawn = [np.sort(rng.choice(N_GENES, size, replace=False)) for size in (1, 12, 60, 150)]
    return [*drawn, np.array([7, 90, 91])]


def scoring_of(values: Any, sets: list[Any]) -> Scoring:
    return Scoring.of(sets, bins_of(np.nanmean(values, axis=0)))


def test_as_scanpy(values: Any, sets: list[Any]) -> None:
    (found,) = score_rows(sparse.csr_matrix(values), scoring_of(values, sets))
    for genes, scores in zip(sets, found, strict=True):
        np.testing.assert_allclose(scores, as_scanpy(values, genes), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rows", [1, 7, 4096])
@pytest.mark.parametrize("dense", [False, True])
def test_rows_and_genes(rows: int, dense: bool, values: Any, sets: list[Any]) -> None:
    scoring = scoring_of(values, sets)
    (expected,) = score_rows(sparse.csr_matrix(values), scoring)
    block = values if dense else sparse.csr_matrix(values)
    assert np.array_equal(np.hstack([*score_rows(block, scoring, rows)]), expected, equal_nan=True)
    by_gene = sparse.csc_matrix(values)
    for first, stop in ((0, 5), (2, 4)):
        some = scoring.some(first, stop)
        sums = GeneByGene(some, N_CELLS)
        for gene in some.genes.tolist():
            own = slice(*by_gene.indptr[gene : gene + 2])
            sums.add(gene, by_gene.indices[own], by_gene.data[own])
        assert np.array_equal(sums.scores(), expected[first:stop], equal_nan=True)


def test_few_genes() -> None:
    bins = bins_of(np.array([3.0, 1.0, np.nan, 2.0]))
    assert bins.tolist()[:2] == [0, 0]
    assert np.isnan(bins[2])
    assert [each.tolist() for each in drawn_genes(bins, np.array([0]))] == [[0, 1, 3]]
    assert Scoring.of([np.array([0, 1, 3]), np.array([1])], bins).n_controls.tolist() == [0, 2]
