"""Neighbourhoods of whole files: every way, in every form, resumed, verified, odd, refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.genes.statistics import neighbourhoods as counted
from karospace_stream.measures.neighbourhoods import co_occurrence
from karospace_stream.model.finding import Finding
from karospace_stream.runtime.events import Event, Note
from tests.cli.test_commands import run
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.support import contents
from tests.e2e.test_same_bytes import differing
from tests.made.sections import make_sections

KEY = "spatial_connectivities"
COLUMNS = ["moran_i", "moran_pval", "moran_pval_adj", "geary_c", "geary_pval", "geary_pval_adj"]
NEAR: dict[str, Any] = {"group_by": ["kind", "side"], "neighbourhoods": "auto", "permutations": 20}
N_CELLS = 1_500
WAYS = [
    {"scheduler": "threads", "workers": 2},
    {"scheduler": "processes", "workers": 2, "strategy": "spill"},
    {"scheduler": "sync", "memory": "350MB", "strategy": "spill"},
]


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def drawn(n_cells: int = N_CELLS) -> anndata.AnnData:
    """Cells in the plane, some of them alone; genes that follow the place, or nothing."""
    rng = np.random.default_rng(4)
    xy = rng.random((n_cells, 2)) * 500
    values = rng.poisson(1 + xy[:, :1] / 100 * (np.arange(40) % 4 == 0), (n_cells, 40)).astype(np.float32)
    values[:, 7] = 0
    values[:, 9] = 2
    obs = pd.DataFrame({"kind": pd.Categorical(rng.choice(list("abc"), n_cells), list("abcd"))})
    obs.loc[::50, "kind"] = np.nan
    obs["side"] = pd.Categorical(np.where(xy[:, 0] < 250, "left", "right"))
    obs["same"] = pd.Categorical(["one"] * n_cells)
    obs.index = obs.index.map("cell-{}".format)
    adata = anndata.AnnData(sparse.csr_matrix(values), obs, obsm={"spatial": xy})
    from scipy.spatial import cKDTree

    rows, columns = cKDTree(xy).query_pairs(25, output_type="ndarray").T
    one = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (n_cells, n_cells))
    adata.obsp[KEY] = one + one.T
    return adata


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cells") / "cells.h5ad"
    drawn().write_h5ad(path)
    return path


@pytest.fixture(scope="module")
def reference(source: Path) -> karospace_stream.GeneStatistics:
    return karospace_stream.statistics(source, scheduler="sync", **NEAR)


def test_by_the_formula(source: Path, reference: karospace_stream.GeneStatistics) -> None:
    adata = anndata.read_h5ad(source)
    x, w = adata.X.toarray().astype(float), adata.obsp[KEY].toarray().astype(float)
    w /= np.maximum(w.sum(1, keepdims=True), 1e-300)
    z = x - x.mean(0)
    with np.errstate(invalid="ignore"):
        moran = len(x) / w.sum() * np.einsum("ig,ij,jg->g", z, w, z, optimize=True) / (z**2).sum(0)
    found = reference.genes
    np.testing.assert_allclose(found["moran_i"], moran, rtol=1e-6, atol=1e-9)
    assert np.isnan(found[COLUMNS].to_numpy()[[7, 9]]).all()
    assert (
        list(reference.squidpy["moranI"].index[:10].astype(int) % 4) == [0] * 10
    )  # those that follow the place
    gene = x[:, 5]
    geary = (len(x) - 1) / (2 * w.sum()) * (w * (gene[:, None] - gene) ** 2).sum() / (z[:, 5] ** 2).sum()
    assert found["geary_c"].iloc[5] == pytest.approx(geary)


def test_tables(source: Path, reference: karospace_stream.GeneStatistics) -> None:
    adata = anndata.read_h5ad(source)
    graph, sides = adata.obsp[KEY].tocoo(), adata.obs["side"].to_numpy()
    near = reference.neighbours["side"].set_index(["group", "neighbour"])
    between = (sides[graph.row] == "left") & (sides[graph.col] == "right")
    assert near.loc[("left", "right"), "count"] == between.sum()
    assert near.loc[("left", "left"), "zscore"] > 5
    assert near.loc[("left", "right"), "zscore"] < -5
    assert np.isnan(reference.neighbours["kind"].set_index(["group", "neighbour"]).loc[("a", "d"), "zscore"])
    paired = reference.co_occurrence["side"]
    assert len(paired) == 2 * 2 * 49
    first = paired[(paired["group"] == "left") & (paired["other"] == "left")]
    assert first["distance"].is_monotonic_increasing
    assert first["ratio"].iloc[0] > first["ratio"].iloc[-1] > 1


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way["scheduler"]))
def test_the_same_every_way(
    way: dict[str, Any], source: Path, reference: karospace_stream.GeneStatistics
) -> None:
    found = karospace_stream.statistics(source, **NEAR, **way)
    pd.testing.assert_frame_equal(found.genes[COLUMNS], reference.genes[COLUMNS], check_exact=True)
    for column in ("kind", "side"):
        for table in ("neighbours", "co_occurrence"):
            ours, theirs = getattr(found, table)[column], getattr(reference, table)[column]
            pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


@pytest.mark.parametrize("format", ["karospace", "anndata"])
def test_exports_are_the_same_every_way(format: str, source: Path, tmp_path: Path) -> None:
    made = []
    for number, way in enumerate(WAYS):
        karospace_stream.export(source, tmp_path / str(number), format=format, name="same", **NEAR, **way)
        made.append(contents(tmp_path / str(number)))
    assert differing(made[1], made[0]) == []
    assert differing(made[2], made[0]) == []


def test_bundle(source: Path, reference: karospace_stream.GeneStatistics, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "bundle", gzip=False, **NEAR)
    atlas = json.loads((tmp_path / "bundle" / "atlas.json").read_bytes())
    told = atlas["neighbourhoods"]
    assert (told["graph"], told["permutations"], told["seed"]) == (KEY, 20, 0)
    assert told["coordinates"] == "obsm:spatial"
    (part,) = told["genes"]["parts"]
    data, at, columns = (tmp_path / "bundle" / part["path"]).read_bytes(), 0, {}
    for each in told["genes"]["columns"]:
        dtype = np.dtype(each["dtype"])
        columns[each["name"]] = np.frombuffer(data, dtype, 40, at)
        at += 40 * dtype.itemsize
    assert at == len(data)
    genes = reference.genes.iloc[columns["gene"]]
    np.testing.assert_array_equal(columns["moran_i"], genes["moran_i"].to_numpy(np.float32))
    np.testing.assert_array_equal(columns["geary_adjusted_p_value"], genes["geary_pval_adj"])
    assert (np.diff(columns["moran_i"][:38]) <= 0).all()
    kind, side = told["groupings"]
    assert (kind["column"], kind["categories"]) == ("kind", list("abcd"))
    stored = np.fromfile(tmp_path / "bundle" / side["enrichment"]["path"]).reshape(2, 2, 2)
    np.testing.assert_array_equal(stored[0].ravel(), reference.neighbours["side"]["zscore"])
    np.testing.assert_array_equal(stored[1].ravel(), reference.neighbours["side"]["count"])
    ratios = np.fromfile(tmp_path / "bundle" / side["co_occurrence"]["path"], np.float32)
    np.testing.assert_array_equal(ratios, reference.co_occurrence["side"]["ratio"].to_numpy(np.float32))
    distances = np.float32(side["co_occurrence"]["distances"])
    np.testing.assert_array_equal(distances, reference.squidpy["side_co_occurrence"]["interval"])
    plan = karospace_stream.plan_export(source, gzip=False, **NEAR)
    without = karospace_stream.plan_export(source, gzip=False, group_by=NEAR["group_by"])
    assert plan.n_objects - without.n_objects == 5
    assert plan.peak_nbytes < 1 << 29


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_store(
    zarr_format: int, source: Path, reference: karospace_stream.GeneStatistics, tmp_path: Path
) -> None:
    karospace_stream.export(source, tmp_path / "s.zarr", format="anndata", zarr_format=zarr_format, **NEAR)
    uns = anndata.read_zarr(tmp_path / "s.zarr").uns
    for key in ("moranI", "gearyC"):
        found = uns[key].rename_axis(None)
        pd.testing.assert_frame_equal(found, reference.squidpy[key], check_index_type=False, check_exact=True)
    for key in ("kind_nhood_enrichment", "side_nhood_enrichment", "side_co_occurrence"):
        for name, values in reference.squidpy[key].items():
            np.testing.assert_array_equal(uns[key][name], values)


def test_what_the_file_has_is_replaced(tmp_path: Path) -> None:
    adata = drawn(300)
    adata.uns["moranI"] = np.arange(4)
    plan = karospace_stream.plan_export(adata, format="anndata", uns="all", **NEAR)
    assert "uns['moranI'] of the file is replaced by the computed one" in plan.notes
    karospace_stream.export(adata, tmp_path / "s.zarr", format="anndata", uns="all", **NEAR)
    assert next(iter(anndata.read_zarr(tmp_path / "s.zarr").uns["moranI"])) == "I"


@pytest.mark.parametrize("stage", ["neighbourhoods", "statistics"])
def test_resumed(stage: str, source: Path, tmp_path: Path) -> None:
    options = NEAR | {"strategy": "spill", "scratch": tmp_path / "scratch"}
    karospace_stream.export(source, tmp_path / "whole", **small(**options))
    cut_off(source, tmp_path / "cut", stage=stage, killed=True, **{"resume": True} | options)
    done: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        if stage == "statistics":  # by then all neighbours are counted

            def never(*_: Any) -> None:
                raise AssertionError

            patch.setattr(counted, "enrichment", never)
        karospace_stream.export(
            source, tmp_path / "cut", resume=True, listener=done.append, **small(**options)
        )
    assert any("already done" in each.text for each in done if isinstance(each, Note))
    assert differing(contents(tmp_path / "cut"), contents(tmp_path / "whole")) == []
    assert not list((tmp_path / "scratch").iterdir())
    cut_off(source, tmp_path / "other", **options)
    with pytest.raises(BadOptionError, match="other options: seed"):
        karospace_stream.export(source, tmp_path / "other", resume=True, **small(**options, seed=3))


def test_verified_against_the_source(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    karospace_stream.export(source, target, gzip=False, **NEAR)
    assert karospace_stream.verify(target, source=source).faults == ()
    assert karospace_stream.verify(target, source=source, sample=3).faults == ()
    for name in ("enrichment_001", "co_occurrence_000", "genes_part_000"):
        path = target / "assets" / "neighbourhoods" / f"{name}.bin"
        before = path.read_bytes()
        path.write_bytes(bytes([before[0] ^ 1]) + before[1:])
        assert any(name in str(each) for each in karospace_stream.verify(target, source=source).faults)
        path.write_bytes(before)


def test_fewer_cells(source: Path) -> None:
    """The graph is that of the cells that are exported."""
    found = karospace_stream.statistics(source, downsample=500, **NEAR)
    assert found.n_cells == 500
    whole = karospace_stream.statistics(source, **NEAR)
    assert 0 < found.neighbours["side"]["count"].sum() < whole.neighbours["side"]["count"].sum() / 4


def test_files(source: Path, reference: karospace_stream.GeneStatistics, tmp_path: Path) -> None:
    assert run("stats", source, tmp_path / "genes.csv", "--neighbourhoods", KEY, "-q").returncode == 0
    read = pd.read_csv(tmp_path / "genes.csv", index_col="gene")
    np.testing.assert_allclose(read[COLUMNS], reference.genes[COLUMNS], rtol=1e-12)
    words = ["--neighbourhoods", KEY, "--group-by", "side", "--permutations", "20", "-q"]
    assert run("stats", source, tmp_path / "both.h5ad", *words).returncode == 0
    both = anndata.read_h5ad(tmp_path / "both.h5ad")
    np.testing.assert_array_equal(both.var[COLUMNS], reference.genes[COLUMNS])
    expected = reference.squidpy["side_nhood_enrichment"]["zscore"]
    np.testing.assert_array_equal(both.uns["side_nhood_enrichment"]["zscore"], expected)
    refused = run("stats", source, tmp_path / "both.csv", *words)
    assert refused.returncode != 0
    assert "holds one table" in refused.stderr
    assert not (tmp_path / "both.csv").exists()


def test_findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    adata = drawn(300)
    plan = karospace_stream.plan_export(adata, group_by=["same", "kind"], neighbourhoods="auto")
    assert "'same' has one group, so no groups are neighbours" in plan.notes
    found = karospace_stream.statistics(adata, group_by="same", neighbourhoods="auto")
    assert not found.neighbours
    adata.obsm["spatial"][:3] = np.nan
    found = karospace_stream.statistics(adata, **NEAR)
    assert "3 cells have no coordinates, and are left out of co-occurrence" in found.notes
    adata.obsm["spatial"][3:] = 1
    found = karospace_stream.statistics(adata, **NEAR)
    assert any("at least three cells at different positions" in note for note in found.notes)
    assert not found.co_occurrence
    assert set(found.neighbours) == {"kind", "side"}
    report = karospace_stream.export(adata, tmp_path / "bundle", coords="obsm:spatial", **NEAR)
    assert any("at least three cells at different positions" in note for note in report.notes)
    adata = drawn(300)
    monkeypatch.setattr(co_occurrence, "MOST_CELLS", 200)
    monkeypatch.setattr(co_occurrence, "MOST_GROUPS", 3)
    found = karospace_stream.statistics(adata, **NEAR)
    assert any("counts the pairs of 200 of 300 cells, drawn at random" in note for note in found.notes)
    assert any("'kind' has 4 groups, so its co-occurrence is left out" in note for note in found.notes)
    assert set(found.co_occurrence) == {"side"}
    adata.obsm["X_umap"] = adata.obsm.pop("spatial")
    found = karospace_stream.statistics(adata, **NEAR)
    assert any("the file has no positions of cells in the tissue" in note for note in found.notes)


def test_sections_are_one_plane() -> None:
    """Side by side or on top of each other: a sentence says so."""
    adata, code = make_sections(), "co-occurrence-of-sections"
    options: dict[str, Any] = {"group_by": "cell_type", "neighbourhoods": "auto", "permutations": 2}

    def said(findings: tuple[Finding, ...]) -> list[str]:
        return [each.text for each in findings if each.code == code]

    (text,) = said(karospace_stream.plan_export(adata, arrange_by="section", **options).findings)
    assert "'section', which are laid out side by side, for one plane" in text
    (text,) = said(karospace_stream.plan_export(adata, **options).findings)
    assert "'section', which lie on top of each other, for one plane" in text
    # Also where genes are chosen by a pass of their own, and without an export.
    (text,) = said(
        karospace_stream.plan_export(adata, genes="hvgs:3", arrange_by="section", **options).findings
    )
    (text,) = said(karospace_stream.statistics(adata, **options).findings)
    # One section has one plane; and without co-occurrence there is nothing to say.
    one = adata[adata.obs["section"] == "3"].copy()
    assert said(karospace_stream.plan_export(one, **options).findings) == []
    assert said(karospace_stream.plan_export(adata, neighbourhoods="auto", group_by="none").findings) == []


def test_only_genes(source: Path, tmp_path: Path) -> None:
    """Without groups there is no more than the genes."""
    karospace_stream.export(source, tmp_path / "bundle", group_by="none", neighbourhoods=KEY)
    atlas = json.loads((tmp_path / "bundle" / "atlas.json").read_bytes())
    assert "statistics" not in atlas
    assert atlas["neighbourhoods"]["groupings"] == []
    assert karospace_stream.verify(tmp_path / "bundle", source=source).faults == ()


REFUSED = [
    ({"neighbourhoods": "spatial_conectivities"}, "did you mean 'spatial_connectivities'"),
    ({"neighbourhoods": ""}, "must be a key of obsp, auto or none"),
    ({"neighbourhoods": "auto", "group_by": "side", "permutations": 1}, "must be 2 or more, got 1"),
    ({"neighbourhoods": "auto", "group_by": "side", "seed": -1}, "must be a number from 0 to 4294967295"),
    ({"neighbourhoods": "auto", "seed": 1}, "no group_by= names groups whose neighbours"),
    ({"group_by": "side", "seed": 1}, "no neighbourhoods= names a graph"),
    ({}, "name a graph with neighbourhoods"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED, ids=str)
def test_refused(options: dict[str, Any], words: str, source: Path) -> None:
    with pytest.raises(BadOptionError, match=words):
        karospace_stream.statistics(source, **options)


def test_without_a_graph(source: Path) -> None:
    adata = drawn(100)
    adata.obsp["connectivities"] = adata.obsp.pop(KEY)
    with pytest.raises(BadOptionError, match=r"no graph of neighbours in space .*'connectivities'.*name one"):
        karospace_stream.plan_export(adata, **NEAR)
    del adata.obsp["connectivities"]
    with pytest.raises(BadOptionError, match=r"obsp is empty.*; compute one with squidpy"):
        karospace_stream.statistics(adata, neighbourhoods="auto")
