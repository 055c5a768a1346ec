"""Statistics by group in whole exports: every way, resumed, verified, and with odd groups."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from tests.e2e.resume.cutting import SMALL, cut_off
from tests.e2e.support import contents
from tests.e2e.test_memory import measured, plan_of
from tests.e2e.test_same_bytes import differing
from tests.stores.servers import Server

Synth = Callable[..., Path]

SHAPE = (4_000, 150)
GROUPS: dict[str, Any] = {"group_by": ["cell_type", "is_doublet"], "markers": "wilcoxon", "tie_correct": True}
WAYS = [
    {"scheduler": "threads", "workers": 2},
    {"scheduler": "sync", "strategy": "spill", "memory": "350MB"},
    {"scheduler": "processes", "workers": 2, "strategy": "spill", "memory": "4GB"},
]


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def exported(source: Path, target: Path, **options: Any) -> dict[str, bytes]:
    karospace_stream.export(source, target, name="same", progress=False, **GROUPS, **options)
    return contents(target)


@pytest.fixture(scope="module")
def reference(synth: Synth, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        source = synth(*SHAPE, chunk_values=10_000)
        return exported(source, folder / "bundle", scheduler="sync", strategy="memory")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way.values())))
def test_every_way(way: dict[str, Any], reference: dict[str, bytes], synth: Synth, tmp_path: Path) -> None:
    assert any("assets/statistics/ranking_" in path for path in reference)
    assert (
        differing(exported(synth(*SHAPE, chunk_values=10_000), tmp_path / "bundle", **way), reference) == []
    )


@pytest.mark.parametrize("layout", ["csc", "dense"])
def test_every_layout(layout: str, reference: dict[str, bytes], synth: Synth, tmp_path: Path) -> None:
    got = exported(synth(*SHAPE, layout=layout), tmp_path / "bundle", scheduler="threads", workers=2)
    assert differing(got, reference) == []


@pytest.mark.parametrize("stage", ["gather", "statistics"])
@pytest.mark.parametrize("stored", [False, True], ids=["folder", "store"])
def test_resumed(stage: str, stored: bool, synth: Synth, tmp_path: Path, moto_store: Server) -> None:
    """What was summed before is not summed again, and what was written stays."""
    source = synth(600, 12, chunk_values=500)
    options: dict[str, Any] = dict(GROUPS)
    if stored:
        options |= {
            "storage_options": moto_store.options,
            "scratch": f"{moto_store.url}/{secrets.token_hex(4)}",
        }
    karospace_stream.export(source, tmp_path / "whole", **SMALL | GROUPS)
    cut_off(source, tmp_path / "cut", stage=stage, killed=True, **options)
    karospace_stream.export(source, tmp_path / "cut", resume=True, **SMALL | options)
    assert differing(contents(tmp_path / "cut"), contents(tmp_path / "whole")) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "whole"]


def test_other_groups_do_not_resume(synth: Synth, tmp_path: Path) -> None:
    source = synth(600, 12, chunk_values=500)
    cut_off(source, tmp_path / "cut", **GROUPS)
    with pytest.raises(BadOptionError, match="other options: group_by"):
        karospace_stream.export(
            source, tmp_path / "cut", resume=True, **SMALL | GROUPS | {"group_by": ["sample"]}
        )


def test_verified_against_the_source(synth: Synth, tmp_path: Path) -> None:
    source, target = synth(600, 12, chunk_values=500), tmp_path / "bundle"
    karospace_stream.export(source, target, progress=False, gzip=False, **GROUPS)
    assert karospace_stream.verify(target, source=source).faults == ()
    assert karospace_stream.verify(target, source=source, sample=3).faults == ()
    table = next((target / "assets" / "statistics").glob("groups_000_means_*"))
    values = np.fromfile(table, "<f4")
    values[0] += 1
    values.tofile(table)
    found = karospace_stream.verify(target, source=source)
    assert found.faults
    assert any("groups_000_means" in str(each) for each in found.faults)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.few(1)
def test_memory(scheduler: str, synth: Synth, tmp_path: Path) -> None:
    """Long genes, which are sorted as a whole: the peak stays below the plan's."""
    source = synth(400_000, 60, density=0.5)
    memory = "900MB" if scheduler == "processes" else "450MB"
    words = ["--group-by", "cell_type", "--group-by", "sample", "--markers", "wilcoxon", "--memory", memory]
    words += ["--scheduler", scheduler, "--scratch", str(tmp_path / "scratch")]
    plan = plan_of(source, *words)
    assert "statistics" in plan["stages"]
    done = measured(source, tmp_path / "out", *words)
    assert done.peak_nbytes < plan["peak_nbytes"] <= (900e6 if scheduler == "processes" else 450e6)


# --- odd groups and values


def atlas_of(tmp_path: Path, kinds: Any, values: Any = None, **options: Any) -> tuple[dict[str, Any], Path]:
    rng = np.random.default_rng(3)
    n_cells = len(kinds)
    if values is None:
        values = sparse.csr_matrix(rng.poisson(1.0, (n_cells, 5)).astype("f4"))
    obs = pd.DataFrame({"kind": kinds}, index=[f"c{i}" for i in range(n_cells)])
    adata = anndata.AnnData(values, obs=obs, obsm={"X_umap": rng.random((n_cells, 2))})
    target = tmp_path / "bundle"
    karospace_stream.export(
        adata, target, progress=False, **{"group_by": "kind", "preview": False, "gzip": False} | options
    )
    return json.loads((target / "atlas.json").read_text())["statistics"], target


def column(target: Path, entry: dict[str, Any], columns: list[dict[str, str]], name: str) -> Any:
    (part,) = entry["parts"]
    data, at = (target / part["path"]).read_bytes(), 0
    for each in columns:
        values = np.frombuffer(data, each["dtype"], part["end"], at)
        if each["name"] == name:
            return values
        at += values.nbytes
    raise KeyError(name)


def test_missing_and_unused_categories(tmp_path: Path) -> None:
    kinds = pd.Categorical.from_codes([0, 1, 1, -1, 0, 3, 1, 0] * 5, ["A", "B", "unused", "D"])
    stated, _ = atlas_of(tmp_path, kinds)
    (grouping,) = stated["groupings"]
    assert grouping["categories"] == ["A", "B", "unused", "D"]
    assert grouping["n_cells"] == [15, 15, 0, 5]
    assert grouping["n_without"] == 5
    assert grouping["too_small"] == [2]
    assert [each["group"] for each in grouping["rankings"]] == [0, 1, 3]


def test_whole_numbers_text_and_flags(tmp_path: Path) -> None:
    for number, kinds in enumerate([[3, 10, 3, 10] * 3, ["b", "a"] * 6, [True, False] * 6]):
        stated, _ = atlas_of(tmp_path / str(number), kinds)
        expected = [["3", "10"], ["a", "b"], ["False", "True"]][number]
        assert stated["groupings"][0]["categories"] == expected


def test_one_group_is_said(tmp_path: Path) -> None:
    kinds = pd.Categorical(["A"] * 8)
    stated, _ = atlas_of(tmp_path, kinds)
    assert stated["groupings"][0]["rankings"] == []
    adata = anndata.AnnData(np.ones((8, 2), "f4"), obs=pd.DataFrame({"kind": kinds}, index=list("abcdefgh")))
    adata.obsm["X_umap"] = np.ones((8, 2))
    findings = karospace_stream.plan_export(adata, group_by="kind").findings
    assert "one-group" in [each.code for each in findings]


def test_nan_counts_as_zero_as_it_is_written(tmp_path: Path) -> None:
    values = np.arange(24, dtype="f4").reshape(8, 3)
    cleaned = values.copy()
    values[2, 1], cleaned[2, 1] = np.nan, 0
    kinds = pd.Categorical(["A", "B"] * 4)
    found = []
    for number, each in enumerate((values, cleaned)):
        stated, target = atlas_of(tmp_path / str(number), kinds, each, markers="wilcoxon")
        first = stated["groupings"][0]["rankings"][0]
        found.append(column(target, first, stated["columns"], "score"))
    np.testing.assert_array_equal(*found)


def test_best_genes(tmp_path: Path) -> None:
    stated, target = atlas_of(tmp_path, pd.Categorical(["A", "B"] * 20), markers="wilcoxon")
    (grouping,) = stated["groupings"]
    best = json.loads((target / grouping["best"]["path"]).read_text())["groups"]
    for each, entry in zip(best, grouping["rankings"], strict=True):
        assert each["genes"] == column(target, entry, stated["columns"], "gene").tolist()
        scores = column(target, entry, stated["columns"], "score")
        np.testing.assert_allclose(each["scores"], scores, rtol=1e-4, atol=1e-6)


REFUSED: list[tuple[dict[str, Any], type[KaroSpaceError], str]] = [
    ({"group_by": "kynd"}, BadOptionError, "kynd"),
    ({"group_by": "score"}, BadInputError, "must hold categories, text, whole numbers or true/false"),
    ({"group_by": "barcode"}, BadOptionError, "at most 1,000 groups"),
    ({"group_by": "number"}, BadOptionError, "at most 1,000 different values"),
    ({"group_by": "kind", "reference": "C"}, BadOptionError, r"a group of 'kind' \(A, B\), got 'C'"),
    ({"group_by": "none", "markers": "wilcoxon"}, BadOptionError, 'group_by="none" compares no groups'),
    ({"format": "anndata", "markers": "wilcoxon"}, BadOptionError, "no group_by= names groups"),
    ({"group_by": "kind", "marker_genes": 0}, BadOptionError, "marker_genes= must be a whole number from 1"),
    ({"group_by": "kind", "markers": "logreg"}, BadOptionError, "logreg"),
    ({"group_by": "kind", "tie_correct": True}, BadOptionError, "ranks nothing"),
]


@pytest.mark.parametrize(("options", "error", "why"), REFUSED, ids=lambda each: str(each)[:40])
def test_refused_in_a_sentence(options: dict[str, Any], error: type[KaroSpaceError], why: str) -> None:
    n_cells = 1_200
    obs = pd.DataFrame({"kind": pd.Categorical(["A", "B"] * 600), "score": np.linspace(0, 1, n_cells)})
    obs["barcode"], obs["number"] = [f"bc{i}" for i in range(n_cells)], np.arange(n_cells)
    obs.index = obs.index.map(str)
    adata = anndata.AnnData(sparse.eye_array(n_cells, 3, format="csr"), obs=obs)
    adata.obsm["X_umap"] = np.zeros((n_cells, 2))
    with pytest.raises(error, match=why) as caught:
        karospace_stream.plan_export(adata, **options)
    assert "\n" not in str(caught.value)


def test_compressed_tables_hold_the_same(tmp_path: Path) -> None:
    kinds = pd.Categorical(["A", "B"] * 10)
    for gzipped in (False, True):
        stated, target = atlas_of(tmp_path / str(gzipped), kinds, gzip=gzipped)
        (part,) = stated["groupings"][0]["means"]
        data = (target / part["path"]).read_bytes()
        values = np.frombuffer(gzip.decompress(data) if gzipped else data, "<f4").reshape(5, 2)
        assert np.isfinite(values).all()
