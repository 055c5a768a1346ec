"""Statistics in an AnnData store: as scanpy reads them, the same as the tables of `statistics`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.formats.anndata.tables import statistics_names
from karospace_stream.measures.rank_genes_groups import RECORDS
from tests.e2e.support import contents
from tests.statistics.test_tables import COLUMNS, drawn

STORES: list[dict[str, Any]] = [{}, {"zarr_format": 3}, {"zarr_format": 3, "shard": True}]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    drawn().write_h5ad(tmp_path / "data.h5ad")
    return tmp_path / "data.h5ad"


def export(source: Any, target: Path, **options: Any) -> karospace_stream.pipeline.report.Report:
    chosen = {"group_by": COLUMNS, "markers": "wilcoxon", "format": "anndata"} | options
    return karospace_stream.export(source, target, **chosen)


@pytest.fixture(params=[None, 256], ids=["usual chunks", "tiny chunks"])
def chunks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(statistics_names, "_CHUNK_NBYTES", request.param)


@pytest.mark.usefixtures("chunks")
@pytest.mark.parametrize("options", STORES)
def test_read_back(options: dict[str, Any], source: Path, tmp_path: Path) -> None:
    report = export(source, tmp_path / "out.zarr", **options)
    assert [each.code for each in report.findings if each.code == "small-groups"]
    read = anndata.read_zarr(tmp_path / "out.zarr")
    found = karospace_stream.statistics(source, group_by=COLUMNS)
    for column, key in (("kind", "rank_genes_groups"), ("batch", "rank_genes_groups_batch")):
        entry, table = read.uns[key], found.markers[column]
        assert entry["params"] == {
            "groupby": column,
            "reference": "rest",
            "method": "wilcoxon",
            "use_raw": False,
            "layer": None,
            "corr_method": "benjamini-hochberg",
        }
        groups = table["group"].unique().tolist()
        for name, dtype in RECORDS.items():
            assert list(entry[name].dtype.names) == groups
            for group in groups:
                expected = table.loc[table["group"] == group, name].to_numpy().astype(dtype)
                assert np.array_equal(entry[name][group], expected)
        means = found.groups[column].pivot(index="gene", columns="group", values="mean")
        stored = read.varm[f"means_{column}"]
        assert list(stored.index) == list(read.var_names)
        assert np.array_equal(stored, means.loc[read.var_names], equal_nan=True)
    assert "pts" not in read.uns["rank_genes_groups"]  # a name with a slash is no key
    shares = found.groups["batch"].pivot(index="gene", columns="group", values="share").loc[read.var_names]
    assert np.array_equal(
        read.uns["rank_genes_groups_batch"]["pts"].loc[read.var_names, ["0", "1", "2"]], shares
    )
    assert np.array_equal(read.varm["shares_batch"], shares)
    assert list(read.uns["rank_genes_groups_batch"]["pts_rest"]) == ["0", "1", "2"]
    assert karospace_stream.verify(tmp_path / "out.zarr", source=source)


def test_reference(source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "out.zarr", group_by="batch", reference="1", markers="t-test")
    entry = anndata.read_zarr(tmp_path / "out.zarr").uns["rank_genes_groups"]
    assert entry["params"]["reference"] == "1"
    assert entry["names"].dtype.names == ("0", "2")
    assert list(entry["pts"]) == ["0", "1", "2"]
    assert "pts_rest" not in entry


@pytest.mark.parametrize("column", ["one", "kind"])
def test_without_comparisons(column: str, tmp_path: Path) -> None:
    data = drawn()
    data.obs["one"] = pd.Categorical(["all"] * data.n_obs)
    export(data, tmp_path / "out.zarr", group_by=column, markers="none" if column == "kind" else "wilcoxon")
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert "rank_genes_groups" not in read.uns
    assert set(read.varm) == {f"means_{column}", f"shares_{column}"}


def test_markers_of_the_file_are_replaced(tmp_path: Path) -> None:
    data = drawn()
    data.uns["rank_genes_groups"] = {"params": {"groupby": "other"}, "names": np.array(["x"])}
    data.write_h5ad(tmp_path / "data.h5ad")
    report = export(tmp_path / "data.h5ad", tmp_path / "out.zarr", uns="all")
    assert "markers-replaced" in [each.code for each in report.findings]
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert read.uns["rank_genes_groups"]["params"]["groupby"] == "kind"


def test_names_that_are_no_keys(tmp_path: Path) -> None:
    data = drawn()
    data.obs["a/b"] = data.obs["kind"]
    export(data, tmp_path / "out.zarr", group_by=["batch", "a/b"])
    read = anndata.read_zarr(tmp_path / "out.zarr")
    (key,) = (key for key in read.uns if key.startswith("rank_genes_groups_"))
    assert read.uns[key]["params"]["groupby"] in read.obs
    assert len(read.varm) == 4
    assert karospace_stream.verify(tmp_path / "out.zarr")


def test_repeated_gene_names_are_those_of_var(tmp_path: Path) -> None:
    data = drawn()
    data.var_names = [f"Gene{number % 20}" for number in range(data.n_vars)]
    export(data, tmp_path / "out.zarr", group_by="batch")
    read = anndata.read_zarr(tmp_path / "out.zarr")
    assert set(read.uns["rank_genes_groups"]["names"]["0"]) == set(read.var_names)


def test_nan_is_said(tmp_path: Path) -> None:
    data = drawn()
    data.X.data[3] = np.nan
    report = export(data, tmp_path / "out.zarr")
    (finding,) = (each for each in report.findings if each.code == "nan-as-zero")
    assert finding.text == "1 NaN in the matrix counts as 0 in statistics"


def test_a_bundle_does_not_depend_on_a_store_beside_it(tmp_path: Path) -> None:
    data = drawn(dtype="float64")
    data.X = sparse.csr_matrix(data.X)
    data.obsm["X_umap"] = np.random.default_rng(0).random((data.n_obs, 2))
    both = ["karospace", "anndata"]
    export(data, tmp_path / "both", format=both, name="data")
    export(data, tmp_path / "alone", format="karospace", name="data")
    one, other = contents(tmp_path / "both" / "karospace"), contents(tmp_path / "alone")
    tables = [key for key in one if key.startswith("assets/statistics")]
    assert tables
    assert all(one[key] == other[key] for key in tables)


def test_the_best_genes_only(source: Path, tmp_path: Path) -> None:
    column = COLUMNS[0]
    export(source, tmp_path / "all.zarr", group_by=column)
    export(source, tmp_path / "best.zarr", group_by=column, marker_genes=3)
    every, best = (anndata.read_zarr(tmp_path / name) for name in ("all.zarr", "best.zarr"))
    whole, some = every.uns["rank_genes_groups"], best.uns["rank_genes_groups"]
    for name in ("names", "scores", "pvals", "pvals_adj", "logfoldchanges"):
        np.testing.assert_array_equal(some[name], whole[name][:3])
    pd.testing.assert_frame_equal(best.varm[f"means_{column}"], every.varm[f"means_{column}"])
