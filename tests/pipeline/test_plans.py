"""Options at the door, plans that keep to the budget, and plans as Dask graphs."""

from __future__ import annotations

import itertools
import json
from functools import partial
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy import sparse

import karospace_stream
from karospace_stream.encode import arrays
from karospace_stream.errors import BadOptionError, BudgetError, TargetError
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.options import read_options
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.counting.means import count_means
from karospace_stream.plan.planning import resolve_genes
from karospace_stream.runtime.events import ignore
from karospace_stream.testing.synth import write_synthetic


def adata(n_cells: int = 400, n_genes: int = 50, layout: str = "csr") -> anndata.AnnData:
    X: Any = sparse.random(n_cells, n_genes, 0.3, format="csr", dtype=np.float32, random_state=0)
    if layout != "csr":
        X = X.tocsc() if layout == "csc" else np.asarray(X.toarray(), order="F" if layout == "tall" else "C")
    obs = pd.DataFrame({"kind": pd.Categorical(["B", "T"] * (n_cells // 2))})
    obs.index = obs.index.map("cell-{}".format)
    return anndata.AnnData(X, obs=obs, obsm={"X_umap": np.random.default_rng(0).random((n_cells, 2))})


TEXTS = {"title": "--title", "description": "--description", "name": "--name", "layer": "--layer"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"compression": 0}, "--compression must be 1 to 9"),
        ({"coords": ["X_umap"]}, r"--coords must be auto, .* got \['X_umap'\]"),
        ({"max_asset_mb": float("inf")}, "--max-asset-mb"),
        ({"max_asset_mb": float("nan")}, "--max-asset-mb"),
        ({"image_placement": (1, 1, 0, 0)}, "is for --image PATH"),
        ({"image": "a.png", "image_placement": (1, float("nan"), 0, 0)}, "four finite numbers"),
        ({"image": "a.png", "image_placement": (1, 0, 0, 0)}, "SX and SY other than 0"),
        *(({name: "a\udcff"}, f"{flag} must be UTF-8 text") for name, flag in TEXTS.items()),
        ({"workers": 0}, "--workers"),
        ({"layer": "counts", "raw": True}, "--layer 'counts' and --raw name two different matrices"),
        ({"memory": -1}, "above zero"),
        ({"format": "zip"}, "--format must be one of karospace"),
    ],
    ids=str,
)
def test_options_are_checked_at_the_door(options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadOptionError, match=words):
        read_options(options)  # type: ignore[arg-type]


def test_options_as_people_write_them(tmp_path: Path) -> None:
    options = read_options(
        {"anno": "kind", "memory": "2GB", "image": tmp_path / "a.png", "scratch": tmp_path}
    )
    assert options.anno == ("kind",)
    assert options.memory_nbytes == 2 * 10**9
    assert options.of(KarospaceOptions).image == str(tmp_path / "a.png")
    assert read_options({"memory": 2 * 10**9}).memory_nbytes == 2 * 10**9
    assert read_options({"anno": ["a", "b"]}).anno == ("a", "b")
    assert json.loads(json.dumps(ExportOptions().to_json()))["genes"] == "all"
    with pytest.raises(TypeError, match="gense"):
        karospace_stream.plan_export(adata(), gense="all")  # type: ignore[call-arg]


@pytest.mark.parametrize("layout", ["csr", "csc", "dense", "tall"])
@pytest.mark.parametrize("scheduler", ["threads", "processes", "sync"])
@pytest.mark.parametrize(
    "options", [{}, {"max_asset_mb": 0.1}, {"strategy": "spill"}, {"strategy": "memory"}], ids=str
)
def test_the_budget_that_is_asked_for_is_enough_and_hardly_more(
    layout: str, scheduler: str, options: dict[str, Any]
) -> None:
    if ("strategy" in options and layout == "csc") or (options.get("strategy"), scheduler) == (
        "memory",
        "processes",
    ):
        return
    terms = {"workers": 3, "scheduler": scheduler, **options}
    source = adata(layout=layout)
    with pytest.raises(BudgetError) as caught:
        karospace_stream.plan_export(source, memory="1MB", **terms)
    needed = caught.value.needed_nbytes
    plan = karospace_stream.plan_export(source, memory=needed, **terms)
    assert plan.workers == 1
    assert plan.peak_nbytes <= needed
    with pytest.raises(BudgetError):
        karospace_stream.plan_export(source, memory=needed - 1_000_001, **terms)
    plenty = karospace_stream.plan_export(source, memory=50 * needed, **terms)
    assert plenty.workers == (1 if scheduler == "sync" else 3)


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_the_budget_that_is_asked_for_is_enough_for_a_graph(format: str, tmp_path: Path) -> None:
    """Also where the graph could be held in memory, if there were more."""
    source = tmp_path / "graph.h5ad"
    write_synthetic(source, n_cells=20_000, n_genes=4, n_neighbors=60)
    with pytest.raises(BudgetError) as caught:
        karospace_stream.plan_export(source, format=format, memory="1MB", workers=4)
    needed = caught.value.needed_nbytes
    for memory in (needed, needed + 5_000_000, needed + 30_000_000, 2 * needed):
        plan = karospace_stream.plan_export(source, format=format, memory=memory, workers=4)
        assert plan.peak_nbytes <= memory


def test_a_plan_is_a_dask_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    plan = karospace_stream.plan_export(
        adata(), genes="top_mean:20", strategy="spill", scratch=tmp_path / "s"
    )
    graph = plan.to_dask(tmp_path / "lazy")
    assert not (tmp_path / "lazy").exists()
    graph.compute(scheduler="sync")
    assert list((tmp_path / "s").iterdir()) == []
    karospace_stream.export(adata(), tmp_path / "eager", genes="top_mean:20", workers=2)
    assert contents(tmp_path / "lazy") == contents(tmp_path / "eager")
    with pytest.raises(TargetError, match="a bundle already exists"):
        plan.to_dask(tmp_path / "lazy")


def test_a_graph_that_has_no_place_for_its_fragments_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    plan = karospace_stream.plan_export(adata(), strategy="spill", scratch=tmp_path / "file" / "s")
    with pytest.raises(TargetError, match="scratch="):
        plan.to_dask(tmp_path / "lazy")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "report.json"
    }


@pytest.mark.parametrize("layout", ["csr", "csc", "dense", "tall"])
def test_genes_by_mean_do_not_depend_on_budget_or_layout(layout: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = rng.random((70_000, 12)) * 10.0 ** rng.integers(-6, 6, (70_000, 12))
    values[rng.random((70_000, 12)) < 0.8] = 0
    kinds = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix, "tall": np.asfortranarray}
    X = kinds.get(layout, np.asarray)(values)
    whole = anndata.AnnData(X, obsm={"X_umap": rng.random((70_000, 2))})
    means = []
    for memory in ("330MB", "3GB"):
        plan = karospace_stream.plan_export(whole, genes="top_mean:12", memory=memory, downsample=69_000)
        assert plan.counting
        means.append(count_means(plan, ignore))
    assert means[0].tobytes() == means[1].tobytes()
    drawn = np.sort(np.random.default_rng(42).choice(70_000, 69_000, replace=False))
    np.testing.assert_allclose(means[0], values[drawn].mean(axis=0), rtol=1e-12)


def test_an_obs_column_called_cell_id(tmp_path: Path) -> None:
    source = adata(4, 3)
    source.obs["cell_id"] = list("wxyz")
    karospace_stream.export(source, tmp_path / "bundle", anno=["cell_id", "kind"], gzip=False)
    table = (tmp_path / "bundle/assets/obs_000.csv").read_text().splitlines()
    assert table[:2] == ["cell_id,kind", "cell-0,B"]
    atlas = json.loads((tmp_path / "bundle/atlas.json").read_text())
    assert atlas["columns"][0]["name"] == "cell_id"
    assert atlas["columns"][0]["categories"] == list("wxyz")


def test_coordinates_beyond_all_measure(tmp_path: Path) -> None:
    source = adata(6, 3)
    x = np.array([1e300, -1.7e308, 1.7e308, np.nan, np.inf, 5])
    source.obsm["X_umap"] = np.stack([x, np.arange(6)], axis=1)
    karospace_stream.export(source, tmp_path / "bundle")
    embedding = json.loads((tmp_path / "bundle/atlas.json").read_text())["embeddings"][0]
    assert embedding["origin"] == [0.0, 2.5]


def test_plans_are_compared_by_value(tmp_path: Path) -> None:
    path = tmp_path / "small.h5ad"
    adata().write_h5ad(path)
    one = karospace_stream.plan_export(path, downsample=10, memory="2GB")
    assert one == karospace_stream.plan_export(path, downsample=10, memory="2GB")
    assert one != karospace_stream.plan_export(path, downsample=11, memory="2GB")
    assert one != karospace_stream.plan_export(path, memory="2GB")


def test_columns_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    odd = adata()
    odd.obs["phase"] = np.ones(odd.n_obs) * 1j
    with pytest.raises(BadOptionError, match=r"anno: the obs column 'phase' cannot be read: .*complex"):
        karospace_stream.plan_export(odd, anno="phase")
    plan = karospace_stream.plan_export(odd, anno="all")
    assert plan.selection.columns == ("kind",)
    assert [note for note in plan.notes if note.startswith("obs:phase is left out: cannot be read")]
    assert not karospace_stream.plan_export(odd, anno="kind").notes


def test_the_list_of_genes_may_lie_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "genes.txt").write_bytes(b"7\r\n3\r\n")
    assert karospace_stream.plan_export(adata(), genes="list:~/genes.txt").selection.labels == ("7", "3")


def test_a_category_of_very_many_names_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MAX_CATEGORIES", 3)
    many = adata(6)
    many.obs["barcode"] = pd.Categorical(["d", "b", None, "é", "a", "b"])
    many.uns["barcode_colors"] = ["#000000"] * 4
    karospace_stream.export(many, tmp_path / "bundle", anno=["barcode", "kind"], gzip=False)
    atlas = json.loads((tmp_path / "bundle" / "atlas.json").read_bytes())
    barcode, kind = atlas["columns"]
    assert sorted(barcode) == ["kind", "name", "parts"]
    assert (barcode["kind"], kind["kind"]) == ("string", "category")
    data = (tmp_path / "bundle" / barcode["parts"][0]["path"]).read_bytes()
    ends = np.frombuffer(data, "<u4", 7).tolist()
    texts = [data[28:][a:b] for a, b in itertools.pairwise(ends)]
    assert texts == [b"d", b"b", b"\0", "é".encode(), b"a", b"b"]
    records = json.loads((tmp_path / "bundle" / "assets" / "obs_records_000.json").read_bytes())
    assert [row["barcode"] for row in records] == ["d", "b", None, "é", "a", "b"]


def test_many_categories_and_a_large_image_are_in_the_plan(tmp_path: Path) -> None:
    many = adata(2_000)
    few = karospace_stream.plan_export(many, anno="kind")
    many.obs["barcode"] = pd.Categorical(many.obs_names)
    more = karospace_stream.plan_export(many, anno=["kind", "barcode"])
    assert more.peak_nbytes - few.peak_nbytes >= 2_000 * 200
    noise = np.random.default_rng(0).integers(0, 256, (60, 70, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "tissue.png")
    costs = {
        cost.name: cost.task_nbytes
        for cost in karospace_stream.plan_export(many, image=tmp_path / "tissue.png").costs
    }
    assert costs["image"] >= 2 * (tmp_path / "tissue.png").stat().st_size


def test_only_the_genes_that_are_exported_are_told_as_renamed(tmp_path: Path) -> None:
    repeated = adata(400, 6, "dense")
    repeated.X[:, :3] = 0
    repeated.var_names = ["A", "A", "", "B", "C", "D"]
    assert karospace_stream.plan_export(repeated, genes="top_mean:3").notes == ()
    report = karospace_stream.export(repeated, tmp_path / "bundle", genes="top_mean:3")
    assert report.notes == ()
    assert karospace_stream.export(repeated, tmp_path / "all").notes != ()


def test_a_plan_that_counts_first_reckons_with_the_fullest_genes() -> None:
    dense = np.zeros((3_000, 40), np.float32)
    dense[:5, :30] = 1
    dense[:, 30:] = np.random.default_rng(0).random((3_000, 10)) + 1
    uneven = adata(3_000, 40, "csc")
    uneven.X = sparse.csc_matrix(dense)
    before = karospace_stream.plan_export(uneven, genes="top_mean:5")
    after = resolve_genes(before, partial(count_genes, listener=ignore))
    assert set(after.selection.genes) <= set(range(30, 40))
    assert before.transpose.gather_nbytes >= after.transpose.gather_nbytes


def test_text_columns_are_in_the_plan() -> None:
    texts = adata(6_000)
    texts.obs["note"] = [f"note {number}" for number in range(6_000)]
    costs = [
        {cost.name: cost.task_nbytes for cost in karospace_stream.plan_export(texts, anno=anno).costs}
        for anno in ("kind", "note")
    ]
    assert costs[1]["tables"] - costs[0]["tables"] >= 65_536 * 100


def test_a_plan_is_short_at_a_prompt_and_complete_in_a_notebook(tmp_path: Path) -> None:
    many = adata()
    more = {f"column_{n}": np.full(many.n_obs, 1.0 * n) for n in range(300)}
    many.obs = pd.concat([many.obs, pd.DataFrame(more, index=many.obs_names)], axis=1)
    plan = karospace_stream.plan_export(many, anno="all")
    opened = karospace_stream.open_source(many)
    report = karospace_stream.export(many, tmp_path / "bundle")
    for shown in (plan, opened, report):
        assert len(repr(shown).splitlines()) == 5
        assert len(repr(shown)) < 800
    assert len(repr(opened.catalog)) < 100
    assert "column_299" in plan._repr_html_()
    assert "column_3" in opened._repr_html_()
    assert str(tmp_path / "bundle") in report._repr_html_()
    assert "left out: " in report._repr_html_()
