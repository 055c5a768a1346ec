"""Moran's I and Geary's C against their formulas on dense values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, stats

from karospace_stream.measures import autocorrelation as tested
from karospace_stream.measures.autocorrelation import autocorrelation, cross_sums, weights_of
from karospace_stream.measures.pieces import Piece
from karospace_stream.model.side_inputs import Neighbours


def graph_of(n_cells: int, seed: int = 0) -> sparse.csr_matrix:
    """Not symmetric, of unequal weights; one cell has no neighbours."""
    rng = np.random.default_rng(seed)
    made = sparse.random(n_cells, n_cells, 0.06, "lil", np.float32, rng)
    made[3] = 0
    made.setdiag(0)
    found = made.tocsr()
    found.eliminate_zeros()
    found.sort_indices()
    return found


def piece_of(values: np.ndarray) -> Piece:
    made = sparse.csc_matrix(values)
    return Piece(0, made.indptr.astype(np.int64), made.indices, made.data)


def test_a_gene_has_the_same_bits_alone() -> None:
    """Whatever is summed beside it: also a gene without values."""
    n_cells = 200
    rng = np.random.default_rng(3)
    values = np.log1p(rng.poisson([0.1, 0, 1, 5], (n_cells, 4))).astype(np.float32)
    graph = graph_of(n_cells)
    weights = weights_of(Neighbours(graph.indptr.astype(np.int64), graph.indices, graph.data))
    together = cross_sums(piece_of(values), weights)
    for gene in range(4):
        alone = cross_sums(piece_of(values[:, [gene]]), weights)
        assert [each[0] for each in alone] == [each[gene] for each in together]
    assert together[0][1] == 0


@pytest.mark.parametrize("many", [0.0, 0.3, 1.0])  # all rows of the weights, as it comes, those of a gene
@pytest.mark.parametrize("kind", ["counts", "centred"])
def test_both(kind: str, many: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "MANY", many)
    n_cells, n_genes = 120, 9
    rng = np.random.default_rng(1)
    values = rng.poisson(rng.random(n_genes) * 2 + 0.1, (n_cells, n_genes)).astype(np.float32)
    if kind == "centred":
        values = np.log1p(values) - np.log1p(values).mean(0)
    graph = graph_of(n_cells)
    neighbours = Neighbours(graph.indptr.astype(np.int64), graph.indices, graph.data)
    weights = weights_of(neighbours)
    exact = values.astype(float)
    found = autocorrelation(
        n_cells, exact.sum(0), (exact**2).sum(0), cross_sums(piece_of(values), weights), weights.moments
    )
    w = graph.toarray().astype(float)
    w /= np.maximum(w.sum(1, keepdims=True), 1e-300)
    s0, s1 = w.sum(), ((w + w.T) ** 2).sum() / 2
    s2 = ((w.sum(0) + w.sum(1)) ** 2).sum()
    np.testing.assert_allclose(weights.moments, [s0, s1, s2, graph.nnz, 0, 0])
    for gene in range(n_genes):
        x = exact[:, gene]
        z = x - x.mean()
        moran = n_cells / s0 * (w * np.outer(z, z)).sum() / (z**2).sum()
        geary = (n_cells - 1) / (2 * s0) * (w * (x[:, None] - x) ** 2).sum() / (z**2).sum()
        assert found.moran[gene] == pytest.approx(moran, rel=1e-9, abs=1e-12)
        assert found.geary[gene] == pytest.approx(geary, rel=1e-9)
        variance = (n_cells**2 * s1 - n_cells * s2 + 3 * s0**2) / ((n_cells**2 - 1) * s0**2)
        z_score = (moran + 1 / (n_cells - 1)) / np.sqrt(variance - 1 / (n_cells - 1) ** 2)
        assert found.moran_p[gene] == pytest.approx(stats.norm.sf(abs(z_score)), rel=1e-8)


@pytest.mark.parametrize("value", [0.0, 0.1, 3.0])
def test_a_gene_of_one_value_has_none(value: float) -> None:
    values = np.full((60, 2), value, np.float32)
    values[0, 1] = 5
    graph = graph_of(60)
    weights = weights_of(Neighbours(graph.indptr.astype(np.int64), graph.indices, graph.data))
    exact = values.astype(float)
    crossed = cross_sums(piece_of(values), weights)
    found = autocorrelation(60, exact.sum(0), (exact**2).sum(0), crossed, weights.moments)
    assert np.isnan([found.moran[0], found.geary_p[0], found.moran_adjusted[0]]).all()
    assert np.isfinite([found.moran[1], found.geary[1], found.moran_adjusted[1]]).all()
