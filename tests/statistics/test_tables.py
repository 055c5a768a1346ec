"""`karospace_stream.statistics`: tables of genes by group, against NumPy and SciPy on dense values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError
from karospace_stream.runtime.events import Event, TaskDone
from karospace_stream.tables.files import write_tables
from karospace_stream.tables.out_file import check_file
from karospace_stream.tables.result import GeneStatistics

N_CELLS, N_GENES = 400, 30
COLUMNS = ["kind", "batch"]


def drawn(layout: str = "csr", dtype: str = "float32") -> anndata.AnnData:
    """Cells of which some have no kind; one kind has one cell, one none."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(rng.random(N_GENES) * 2, (N_CELLS, N_GENES))
    values = np.log1p(counts * rng.random(N_CELLS)[:, None]).astype(dtype)
    kinds = rng.choice(["B cell", "NK/T cell", "Ünion"], N_CELLS).astype(object)
    kinds[7], kinds[9:20] = "single", None
    X = values if layout == "dense" else sparse.csr_matrix(values).asformat(layout)
    made = anndata.AnnData(X)
    made.obs["kind"] = pd.Categorical(kinds, categories=["NK/T cell", "B cell", "empty", "single", "Ünion"])
    made.obs["batch"] = rng.integers(0, 3, N_CELLS)
    made.obs["score"] = rng.random(N_CELLS)
    made.var_names = [f"Gene{number}" for number in range(N_GENES)]
    return made


def dense_of(data: anndata.AnnData) -> Any:
    return data.X.toarray() if sparse.issparse(data.X) else np.asarray(data.X)


def same(one: GeneStatistics, other: GeneStatistics) -> None:
    pd.testing.assert_frame_equal(one.genes, other.genes, check_exact=True)
    for column in one.groups:
        pd.testing.assert_frame_equal(one.groups[column], other.groups[column], check_exact=True)
    for column in one.markers:
        pd.testing.assert_frame_equal(one.markers[column], other.markers[column], check_exact=True)


@pytest.fixture(scope="module")
def data() -> anndata.AnnData:
    return drawn()


@pytest.fixture(scope="module")
def found(data: anndata.AnnData) -> GeneStatistics:
    return karospace_stream.statistics(data, group_by=COLUMNS)


def test_genes(data: anndata.AnnData, found: GeneStatistics) -> None:
    values = dense_of(data).astype(np.float64)
    assert list(found.genes.index) == list(data.var_names)
    assert np.array_equal(found.genes["n_cells"], (values != 0).sum(0))
    assert np.allclose(found.genes["mean"], values.mean(0))
    assert np.allclose(found.genes["variance"], values.var(0, ddof=1))
    assert np.array_equal(found.genes["maximum"], values.max(0))
    assert np.array_equal(found.genes["minimum"], values.min(0))


@pytest.mark.parametrize("column", COLUMNS)
def test_groups(column: str, data: anndata.AnnData, found: GeneStatistics) -> None:
    values, table = dense_of(data).astype(np.float64), found.groups[column]
    names = data.obs[column].astype(str)
    assert len(table) == N_GENES * len(table["group"].cat.categories)
    for (group, gene), row in table.groupby(["group", "gene"], observed=True).first().iterrows():
        own = values[(names == str(group)).to_numpy(), data.var_names.get_loc(gene)]
        assert row["n_cells"] == len(own)
        if len(own):
            assert row["mean"] == pytest.approx(own.mean())
            assert row["share"] == pytest.approx((own != 0).mean())
        assert np.isnan(row["variance"]) == (len(own) < 2)


def test_markers(data: anndata.AnnData, found: GeneStatistics) -> None:
    values, table = dense_of(data), found.rank_genes_groups("kind", "NK/T cell")
    inside = (data.obs["kind"] == "NK/T cell").to_numpy()
    outside = ~inside  # also cells without a kind, as in scanpy
    assert list(table)[:5] == ["names", "scores", "logfoldchanges", "pvals", "pvals_adj"]
    assert table["scores"].is_monotonic_decreasing
    for row in table.itertuples():
        gene = data.var_names.get_loc(row.names)
        test = stats.mannwhitneyu(
            values[inside, gene], values[outside, gene], use_continuity=False, method="asymptotic"
        )
        assert row.auc == pytest.approx(test.statistic / inside.sum() / outside.sum())
        assert row.pct_nz_reference == pytest.approx((values[outside, gene] != 0).mean())
    assert np.allclose(table["pvals_adj"], stats.false_discovery_control(table["pvals"]))


def test_small_groups_are_said(found: GeneStatistics) -> None:
    compared = found.rank_genes_groups("kind")["group"].unique().tolist()
    assert compared == ["NK/T cell", "B cell", "Ünion"]
    (finding,) = (each for each in found.findings if each.code == "small-groups")
    assert "empty, single" in finding.text


def test_several_and_unknown_groups(found: GeneStatistics) -> None:
    several = found.rank_genes_groups("kind", ["Ünion", "B cell"])
    assert set(several["group"]) == {"Ünion", "B cell"}
    with pytest.raises(BadOptionError, match=r"no group 'Union' was compared; did you mean 'Ünion'\?"):
        found.rank_genes_groups("kind", "Union")
    with pytest.raises(BadOptionError, match="no column 'score' was compared"):
        found.rank_genes_groups("score")


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_same_numbers_whatever_runs_them(
    layout: str, scheduler: str, found: GeneStatistics, tmp_path: Path
) -> None:
    drawn(layout).write_h5ad(tmp_path / "data.h5ad")
    other = karospace_stream.statistics(tmp_path / "data.h5ad", group_by=COLUMNS, scheduler=scheduler)
    same(found, other)


@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_scratch_is_empty_afterwards(strategy: Any, found: GeneStatistics, tmp_path: Path) -> None:
    drawn().write_h5ad(tmp_path / "data.h5ad")
    scratch = tmp_path / "scratch"
    other = karospace_stream.statistics(
        tmp_path / "data.h5ad", group_by=COLUMNS, strategy=strategy, scratch=scratch
    )
    assert other.strategy == strategy
    assert not list(scratch.iterdir())
    same(found, other)


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    drawn().write_h5ad(tmp_path / "data.h5ad")

    def interrupt(event: Event) -> None:
        if event == TaskDone("gather"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        karospace_stream.statistics(
            tmp_path / "data.h5ad", group_by="kind", scratch=tmp_path / "scratch", listener=interrupt
        )
    assert not list((tmp_path / "scratch").iterdir())


def test_values_stay_as_exact_as_they_are() -> None:
    data = drawn(dtype="float64")
    found = karospace_stream.statistics(data, group_by="kind", markers="t-test")
    assert np.allclose(found.genes["mean"], dense_of(data).mean(0), rtol=1e-14)
    assert "auc" not in found.markers["kind"]


def test_choices() -> None:
    data = drawn()
    data.layers["doubled"] = data.X * 2
    found = karospace_stream.statistics(
        data, group_by="kind", markers="none", layer="doubled", genes=["Gene7", "Gene3"], downsample=100
    )
    assert list(found.genes.index) == ["Gene7", "Gene3"]
    assert found.n_cells == 100
    assert not found.markers
    with pytest.raises(BadOptionError, match="nothing was compared"):
        found.rank_genes_groups("kind")
    assert found.to_json()["matrix"] == "layers/doubled"


def test_genes_of_the_highest_means(data: anndata.AnnData) -> None:
    found = karospace_stream.statistics(data, group_by="kind", genes="top_mean:5")
    means = pd.Series(dense_of(data).mean(0), data.var_names)
    assert set(found.genes.index) == set(means.nlargest(5).index)


def test_variable_genes(data: anndata.AnnData) -> None:
    keywords: dict[str, Any] = {"genes": "hvgs:6", "hvg_flavor": "cell_ranger", "hvg_batch": "batch"}
    found = karospace_stream.statistics(data, group_by="kind", **keywords)
    plan = karospace_stream.plan_export(data, format="anndata", **keywords)
    assert plan.counting
    assert len(found.genes) == len(plan.selection.genes) == 6
    with pytest.raises(BadOptionError, match=r"only genes=\"hvgs:N\" takes variable genes"):
        karospace_stream.statistics(data, group_by="kind", hvg_batch="batch")


def test_reference(data: anndata.AnnData) -> None:
    found = karospace_stream.statistics(data, group_by="kind", reference="B cell", tie_correct=True)
    assert found.markers["kind"]["group"].unique().tolist() == ["NK/T cell", "Ünion"]
    assert "each group with B cell, corrected for ties" in repr(found)


def test_nan_counts_as_zero() -> None:
    data = drawn()
    data.X.data[3] = np.nan
    found = karospace_stream.statistics(data, group_by="kind")
    (finding,) = (each for each in found.findings if each.code == "nan-as-zero")
    assert finding.text == "1 NaN in the matrix counts as 0 in statistics"


@pytest.mark.parametrize(
    ("keywords", "error", "sentence"),
    [
        ({"group_by": "kin"}, BadOptionError, "group_by: the file has no obs column 'kin'; did you mean"),
        ({"group_by": "score"}, BadInputError, "group_by: 'score' must hold categories, text, whole numbers"),
        ({"group_by": []}, BadOptionError, "group_by= must name a column"),
        ({"group_by": "none"}, BadOptionError, "got 'none'"),
        ({"genes": "none"}, BadOptionError, 'genes="none"'),
        ({"reference": "C cell"}, BadOptionError, "reference= must be 'rest' or a group of 'kind'"),
        ({"tie_correct": True, "markers": "t-test"}, BadOptionError, 'markers="t-test" ranks nothing'),
        ({"memory": "100MB"}, BudgetError, "is too small"),
    ],
)
def test_refusals(
    keywords: dict[str, Any], error: type[Exception], sentence: str, data: anndata.AnnData
) -> None:
    with pytest.raises(error) as raised:
        karospace_stream.statistics(data, **{"group_by": "kind"} | keywords)
    assert sentence in str(raised.value)


def test_tables_count_in_the_budget(data: anndata.AnnData) -> None:
    few = karospace_stream.statistics(data, group_by="kind", genes=["Gene1"])
    many = karospace_stream.statistics(data, group_by=COLUMNS)
    assert many.projected_nbytes > few.projected_nbytes


def test_to_anndata(found: GeneStatistics, tmp_path: Path) -> None:
    whole = found.to_anndata()
    whole.write_h5ad(tmp_path / "groups.h5ad")
    read = anndata.read_h5ad(tmp_path / "groups.h5ad")
    assert list(read.obs["column"].unique()) == COLUMNS
    means = found.groups["kind"].set_index(["group", "gene"])["mean"]
    assert read["kind: Ünion", "Gene3"].X[0, 0] == means["Ünion", "Gene3"]
    assert np.isnan(read["kind: single"].layers["scores"]).all()
    scores = found.rank_genes_groups("kind", "B cell").set_index("names")["scores"]
    assert np.array_equal(read["kind: B cell"].layers["scores"][0], scores[list(read.var_names)])
    assert read.uns["rank_genes_groups"]["names"].dtype.names == ("NK/T cell", "B cell", "Ünion")
    assert "pts" not in read.uns["rank_genes_groups"]  # a slash in a name is none in a key
    of_batch = read.uns["rank_genes_groups_batch"]
    assert of_batch["params"]["groupby"] == "batch"
    shares = found.groups["batch"].set_index(["group", "gene"])["share"]
    assert of_batch["pts"].loc["Gene3", "1"] == shares["1", "Gene3"]


@pytest.mark.parametrize("categories", [["one"], ["one", "empty"]])
def test_nothing_to_compare(categories: list[str], tmp_path: Path) -> None:
    data = drawn()
    data.obs["few"] = pd.Categorical([categories[0]] * N_CELLS, categories)
    found = karospace_stream.statistics(data, group_by=["few", "batch"])
    assert found.markers["few"].empty
    assert len(found.groups["few"]) == N_GENES * len(categories)
    whole = found.to_anndata()
    assert whole.n_obs == len(categories) + 3
    assert [key for key in whole.uns if key.startswith("rank")] == ["rank_genes_groups_batch"]
    for name in ("out.csv", "out.h5ad"):
        write_tables(found, check_file(str(tmp_path / name), overwrite=False))
    assert len(pd.read_csv(tmp_path / "out.csv")) == N_GENES * whole.n_obs
    options = {"format": "anndata", "group_by": ["few", "batch"], "markers": "wilcoxon"}
    karospace_stream.export(data, tmp_path / "out.zarr", **options)
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert list(read.varm["means_few"]) == categories
    assert "rank_genes_groups" not in read.uns


def test_descriptions(found: GeneStatistics) -> None:
    assert repr(found).startswith("GeneStatistics of <AnnData in memory>: 400 cells x 30 genes")
    assert "5 groups" in found._repr_html_()
