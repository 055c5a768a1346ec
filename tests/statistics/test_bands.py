"""Sums and comparisons of groups, against SciPy and NumPy on dense values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse, stats

from karospace_stream.measures import pieces, rank_sums
from karospace_stream.measures.band import band_sums
from karospace_stream.measures.group_means import means_of_genes, means_of_groups
from karospace_stream.measures.looks import cell_groups
from karospace_stream.measures.markers import Markers, markers
from karospace_stream.measures.request import Grouping, StatisticsRequest, Test
from karospace_stream.measures.sums import Sums, join
from karospace_stream.model.matrix import GeneBand

Dense = npt.NDArray[Any]
KINDS = ("counts", "negative", "wide", "zeros stored", "one value")


@pytest.fixture(params=[1 << 18, 17], ids=["usual pieces", "tiny pieces"], autouse=True)
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Genes are cut into pieces of this many values, which must not matter."""
    for module in (pieces, rank_sums):
        monkeypatch.setattr(module, "PIECE", request.param)
    return int(request.param)


def drawn(kind: str, seed: int = 0) -> tuple[Dense, npt.NDArray[np.int8]]:
    """Values ``(n_cells, n_genes)``, and groups of which one is empty and some cells have none."""
    rng = np.random.default_rng(seed)
    n_cells, n_genes = 150, 12
    codes = rng.integers(-1, 4, n_cells).astype(np.int8)
    counts = rng.poisson(rng.random(n_genes) * 2, (n_cells, n_genes))
    if kind == "negative":
        values = np.round(rng.normal(size=counts.shape), 1) * (rng.random(counts.shape) < 0.6)
        return values.astype(np.float32), codes
    if kind == "wide":
        return np.log1p(counts * rng.random(n_cells)[:, None]), codes
    if kind == "one value":
        return np.full(counts.shape, 2, np.float32), codes
    return counts.astype(np.float32), codes


def band_of(values: Dense, *, explicit_zeros: bool = False) -> GeneBand:
    if explicit_zeros:
        n_cells, n_genes = values.shape
        indptr = np.arange(n_genes + 1, dtype=np.int64) * n_cells
        return GeneBand(0, n_cells, indptr, np.tile(np.arange(n_cells), n_genes), values.T.ravel())
    made = sparse.csc_matrix(values)
    return GeneBand(0, values.shape[0], made.indptr.astype(np.int64), made.indices, made.data)


def summed(values: Dense, codes: Any, request: StatisticsRequest, *, explicit_zeros: bool = False) -> Sums:
    band = band_of(values, explicit_zeros=explicit_zeros)
    n_groups = request.groupings[0].n_groups
    cells = cell_groups([codes], [n_groups])
    return join(list(band_sums(band, np.arange(values.shape[1]), cells, request)))


def request_of(test: Test, reference: int | None = None, *, ties: bool = False) -> StatisticsRequest:
    return StatisticsRequest((Grouping("kind", tuple("ABCDE"), reference),), test, ties)


def compared(values: Dense, codes: Any, request: StatisticsRequest, **how: bool) -> list[Markers]:
    found = summed(values, codes, request, **how)
    return list(markers(found.groups[0], request.groupings[0], request))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reference", [None, 1])
@pytest.mark.parametrize("ties", [False, True])
def test_rank_sums(kind: str, reference: int | None, ties: bool) -> None:
    values, codes = drawn(kind)
    found = compared(
        values, codes, request_of("wilcoxon", reference, ties=ties), explicit_zeros=kind == "zeros stored"
    )
    assert [each.group for each in found] == [group for group in range(4) if group != reference]
    for each in found:
        inside, outside = values[codes == each.group], values[_others(codes, each.group, reference)]
        for gene in range(values.shape[1]):
            score, p_value, auc = _rank_sum(inside[:, gene], outside[:, gene], ties=ties)
            assert each.scores[gene] == pytest.approx(score, rel=1e-9, abs=1e-12)
            assert each.p_values[gene] == pytest.approx(p_value, rel=1e-8)
            assert each.auc is not None
            assert each.auc[gene] == pytest.approx(auc)
        np.testing.assert_allclose(each.adjusted, stats.false_discovery_control(each.p_values))
        assert (np.diff(each.scores[each.order]) <= 0).all()


def _others(codes: Any, group: int, reference: int | None) -> npt.NDArray[np.bool_]:
    return codes != group if reference is None else codes == reference


def _rank_sum(inside: Dense, outside: Dense, *, ties: bool) -> tuple[float, float, float]:
    n, m = len(inside), len(outside)
    ranks = stats.rankdata(np.concatenate([inside, outside]))
    u = ranks[:n].sum() - n * (n + 1) / 2
    variance = n * m * (n + m + 1) / 12 * (stats.tiecorrect(ranks) if ties else 1)
    score = (u - n * m / 2) / np.sqrt(variance) if variance else 0.0
    return score, 2 * stats.norm.sf(abs(score)), u / (n * m)


@pytest.mark.parametrize("kind", ["counts", "negative", "wide"])
@pytest.mark.parametrize("reference", [None, 2])
@pytest.mark.parametrize("test", ["t-test", "t-test_overestim_var"])
def test_t_tests(kind: str, reference: int | None, test: Test) -> None:
    values, codes = drawn(kind)
    for each in compared(values, codes, request_of(test, reference)):
        inside = values[codes == each.group].astype(float)
        outside = values[_others(codes, each.group, reference)].astype(float)
        n_outside = len(inside) if test == "t-test_overestim_var" else len(outside)
        expected = stats.ttest_ind_from_stats(
            inside.mean(0), inside.std(0, ddof=1), len(inside),
            outside.mean(0), outside.std(0, ddof=1), n_outside, equal_var=False,
        )  # fmt: skip
        np.testing.assert_allclose(each.scores, np.nan_to_num(expected.statistic), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(each.p_values, np.nan_to_num(expected.pvalue, nan=1), rtol=1e-7)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = (np.expm1(inside.mean(0)) + 1e-9) / (np.expm1(outside.mean(0)) + 1e-9)
            np.testing.assert_allclose(each.log_fold_changes, np.log2(ratio), rtol=1e-6)
        np.testing.assert_allclose(each.outside.share, (outside != 0).mean(0))


@pytest.mark.parametrize("kind", KINDS)
def test_means(kind: str) -> None:
    values, codes = drawn(kind)
    found = summed(values, codes, request_of("none"), explicit_zeros=kind == "zeros stored")
    means = means_of_groups(found.groups[0])
    for group in range(4):
        inside = values[codes == group].astype(float)
        np.testing.assert_allclose(means.mean[:, group], inside.mean(0), rtol=1e-12)
        np.testing.assert_allclose(means.variance[:, group], inside.var(0, ddof=1), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(means.share[:, group], (inside != 0).mean(0))
    assert np.isnan(means.mean[:, 4]).all()  # a category that no cell has
    everything = means_of_genes(found.totals)
    np.testing.assert_allclose(everything.mean, values.mean(0, dtype=float))
    variance = values.astype(float).var(0, ddof=1)
    np.testing.assert_allclose(everything.variance, variance, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(found.totals.minimum, values.min(0))
    np.testing.assert_array_equal(found.totals.maximum, values.max(0))


def test_groups_of_one_cell_are_not_compared() -> None:
    values, codes = drawn("counts")
    codes[codes == 3] = -1
    codes[5] = 3
    assert [each.group for each in compared(values, codes, request_of("t-test"))] == [0, 1, 2]


def test_a_gene_that_only_one_group_expresses_has_a_mean_of_exactly_zero_outside() -> None:
    values, codes = drawn("wide")
    values[codes != 2] = 0
    (found,) = (each for each in compared(values, codes, request_of("t-test")) if each.group == 2)
    np.testing.assert_array_equal(found.outside.mean, 0)


@pytest.mark.parametrize("kind", ["counts", "negative", "wide"])
def test_a_gene_alone_has_the_same_bits(kind: str) -> None:
    """In whatever band it comes."""
    values, codes = drawn(kind)
    request = request_of("wilcoxon", ties=True)
    together = summed(values, codes, request)
    for gene in range(values.shape[1]):
        alone = summed(values[:, [gene]], codes, request)
        for name in ("n_expressing", "sums", "squares", "minimum", "maximum"):
            assert getattr(alone.totals, name)[0] == getattr(together.totals, name)[gene], name
        for name in ("n_expressing", "sums", "squares", "u", "ties"):
            one, all_of_it = getattr(alone.groups[0], name), getattr(together.groups[0], name)
            np.testing.assert_array_equal(one[0], all_of_it[gene], name)


def several(n_cells: int, widths: tuple[int, ...]) -> tuple[list[Any], StatisticsRequest]:
    """Columns whose groups are drawn, some cells without one."""
    rng = np.random.default_rng(1)
    codes = [rng.integers(-1, width, n_cells).astype(np.int16) for width in widths]
    groupings = tuple(
        Grouping(f"column {number}", tuple(map(str, range(width))), reference=0 if number == 2 else None)
        for number, width in enumerate(widths)
    )
    return codes, StatisticsRequest(groupings, "wilcoxon", tie_correct=True)


@pytest.mark.parametrize("kind", ["counts", "negative", "wide"])
@pytest.mark.parametrize("widths", [(3, 2), (3, 2, 2), (3, 40, 2), (30, 40)], ids=str)
def test_several_columns_have_the_sums_of_each_alone(kind: str, widths: tuple[int, ...]) -> None:
    """Whether or not they share a look at the values."""
    values, _ = drawn(kind)
    codes, request = several(len(values), widths)
    band, positions = band_of(values), np.arange(values.shape[1])
    together = join(list(band_sums(band, positions, cell_groups(codes, widths), request)))
    for number, grouping in enumerate(request.groupings):
        alone_request = StatisticsRequest((grouping,), "wilcoxon", tie_correct=True)
        cells = cell_groups([codes[number]], [widths[number]])
        alone = join(list(band_sums(band, positions, cells, alone_request))).groups[0]
        found = together.groups[number]
        for name in ("n_cells", "n_expressing", "u", "ties"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name), name)
        for name in ("sums", "squares"):
            np.testing.assert_allclose(getattr(found, name), getattr(alone, name), rtol=1e-12, err_msg=name)


def test_columns_share_a_look_if_they_have_few_combinations() -> None:
    rng = np.random.default_rng(0)
    fine = rng.integers(-1, 20, 5_000).astype(np.int8)
    coarse, other = (fine // 4).astype(np.int8), rng.integers(0, 30, 5_000).astype(np.int8)
    cells = cell_groups([fine, other, coarse], [20, 30, 5])
    assert [look.members for look in cells.looks] == [(0, 2), (1,)]
    assert cells.widest == 31
    nested = cells.looks[0]
    assert nested.n_combinations == 21
    np.testing.assert_array_equal(nested.groups[0][nested.codes] - 1, fine)
    np.testing.assert_array_equal(nested.groups[1][nested.codes] - 1, coarse)


def test_no_cells_have_no_combinations() -> None:
    none = np.zeros(0, np.int8)
    assert [look.members for look in cell_groups([none, none], [2, 3]).looks] == [(0,), (1,)]
