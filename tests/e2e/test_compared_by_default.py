"""Columns that a bundle compares although nobody names them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BudgetError
from karospace_stream.formats.genes.statistics import automatic
from karospace_stream.plan import planning

N_CELLS, N_GENES = 400, 300
TEST = {"progress": False, "preview": False, "gzip": False, "name": "same"}


def drawn() -> Any:
    rng = np.random.default_rng(0)
    numbers = np.arange(N_CELLS)
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical([f"type {number % 5}" for number in numbers]),
            "leiden": pd.Categorical([str(number % 7) for number in numbers]),
            "donor": pd.Categorical(["only"] * N_CELLS, ["only", "other"]),
            "barcode": pd.Categorical([f"b{number % 201}" for number in numbers]),
            "score": rng.random(N_CELLS),
        },
        index=[f"c{number}" for number in numbers],
    )
    values = np.log1p(rng.poisson(1.0, (N_CELLS, N_GENES))).astype("f4")
    return anndata.AnnData(values, obs=obs, obsm={"X_umap": rng.random((N_CELLS, 2))})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    drawn().write_h5ad(tmp_path / "drawn.h5ad")
    return tmp_path / "drawn.h5ad"


def export(source: Any, target: Path, **options: Any) -> tuple[dict[str, Any] | None, Any]:
    report = karospace_stream.export(source, target, **{"anno": ["all"], **TEST, **options})
    return json.loads((target / "atlas.json").read_text()).get("statistics"), report


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def test_columns_of_2_to_200_used_categories(source: Path, tmp_path: Path) -> None:
    stated, report = export(source, tmp_path / "default")
    assert stated is not None
    assert [each["column"] for each in stated["groupings"]] == ["cell_type", "leiden"]
    assert stated["test"] == "t-test"
    assert "groups-not-compared" not in [each.code for each in report.findings]
    for way in ("auto", []):
        assert export(source, tmp_path / str(way), group_by=way)[0] == stated
    assert export(source, tmp_path / "none", group_by="none")[0] is None


def test_rankings_have_the_best_genes(source: Path, tmp_path: Path) -> None:
    some, _ = export(source, tmp_path / "some")
    named, _ = export(source, tmp_path / "named", group_by=["cell_type", "leiden"])
    every, _ = export(source, tmp_path / "every", marker_genes="all")
    ten, _ = export(source, tmp_path / "ten", group_by=["cell_type", "leiden"], marker_genes=10)
    assert named is not None
    assert named == every
    for stated, folder, n_ranked in ((some, "some", 200), (ten, "ten", 10)):
        assert stated is not None
        for best, whole in zip(stated["groupings"], named["groupings"], strict=True):
            assert best["n_ranked"] == n_ranked
            assert "n_ranked" not in whole
            for ranking, of_all in zip(best["rankings"], whole["rankings"], strict=True):
                assert ranking["parts"][-1]["end"] == n_ranked
                found = columns(tmp_path / folder, ranking, stated["columns"])
                expected = columns(tmp_path / "named", of_all, named["columns"])
                for name, values in found.items():
                    np.testing.assert_array_equal(values, expected[name][:n_ranked], name)
    same = "assets/statistics/groups_000_means_000.bin"
    assert (tmp_path / "some" / same).read_bytes() == (tmp_path / "named" / same).read_bytes()


def columns(target: Path, ranking: dict[str, Any], described: list[dict[str, str]]) -> dict[str, Any]:
    (part,) = ranking["parts"]
    data, at = (target / part["path"]).read_bytes(), 0
    found: dict[str, Any] = {}
    for each in described:
        found[each["name"]] = np.frombuffer(data, each["dtype"], part["end"], at)
        at += found[each["name"]].nbytes
    return found


def test_a_store_beside_the_bundle_has_none(source: Path, tmp_path: Path) -> None:
    formats = ["karospace", "anndata"]
    karospace_stream.export(source, tmp_path / "both", format=formats, progress=False, name="same")
    (path,) = (each.parent for each in (tmp_path / "both").rglob(".zgroup") if (each.parent / "obs").exists())
    store = anndata.read_zarr(path)
    assert not store.varm
    assert "rank_genes_groups" not in store.uns


@pytest.mark.parametrize("limit", ["room", "memory"])
def test_the_largest_are_left_out(
    limit: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are named, and what the user names is computed anyway."""
    if limit == "room":
        monkeypatch.setattr(planning, "_TABLES_SHARE", 30)
    else:
        monkeypatch.setattr("karospace_stream.formats.genes.statistics.plan._SUMS_SHARE", 30_000)
    options: dict[str, Any] = {"memory": "2GB"}
    chosen = {name: value for name, value in TEST.items() if name != "progress"}
    plan = karospace_stream.plan_export(source, anno=["all"], **chosen, **options)
    (finding,) = (each for each in plan.findings if each.code == "groups-not-compared")
    assert finding.option == "group_by"
    dropped = finding.value
    assert isinstance(dropped, tuple)
    assert "leiden" in dropped
    assert all(name in finding.text for name in dropped)
    stated, report = export(source, tmp_path / "bundle", **options)
    assert finding in report.findings
    compared = [] if stated is None else [each["column"] for each in stated["groupings"]]
    assert not set(compared) & set(dropped)
    named, _ = export(source, tmp_path / "named", group_by="leiden", **options)
    assert named is not None
    # Another machine may have more memory, and compares the same columns.
    monkeypatch.undo()
    assert karospace_stream.verify(tmp_path / "bundle", source=source)


def test_no_more_than_some_columns() -> None:
    data = drawn()
    data.obs = pd.DataFrame({f"c{number}": data.obs["leiden"] for number in range(40)})
    plan = karospace_stream.plan_export(data, anno=["all"])
    assert plan.statistics is not None
    findings = [each for each in plan.findings if each.code == "groups-not-compared"]
    dropped = [name for each in findings if isinstance(each.value, tuple) for name in each.value]
    compared = [each.column for each in plan.statistics.request.groupings]
    assert len(compared) <= automatic.MOST_COLUMNS
    assert sorted([*compared, *dropped]) == sorted(data.obs.columns)
    assert " and 3 more are not compared, as no more than 32 columns are;" in findings[0].text


def test_the_smallest_budget_leaves_everything_out(source: Path) -> None:
    with pytest.raises(BudgetError) as caught:
        karospace_stream.plan_export(source, memory="1MB")
    plan = karospace_stream.plan_export(source, memory=caught.value.needed_nbytes)
    assert plan.statistics is None
    assert "groups-not-compared" in [each.code for each in plan.findings]


def test_an_earlier_program_compares_none(source: Path, tmp_path: Path) -> None:
    config = karospace_stream.ExportConfig(h5ad_path=source, outdir=tmp_path / "bundle")
    karospace_stream.export_h5ad(config)
    assert "statistics" not in json.loads((tmp_path / "bundle" / "atlas.json").read_text())


def test_numbers_of_the_documentation() -> None:
    assert (automatic.FEWEST_CATEGORIES, automatic.MOST_CATEGORIES, automatic.BEST_GENES) == (2, 200, 200)


@pytest.mark.parametrize("largest", [3e38, 1e200, 1e308])
@pytest.mark.parametrize("markers", ["t-test", "wilcoxon"])
def test_values_whose_squares_have_no_number(largest: float, markers: str, tmp_path: Path) -> None:
    """Warnings are errors here."""
    data = drawn()
    data.X = data.X.astype("f8" if largest > 1e39 else "f4")
    data.X[::3] *= largest / 4
    data.X[1::6] *= -1
    export(data, tmp_path / "bundle", markers=markers)


def test_without_scratch_nothing_is_compared(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that needs no scratch otherwise does not fail for want of it."""

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    stated, report = export(source, tmp_path / "bundle", strategy="memory")
    assert stated is None
    (finding,) = (each for each in report.findings if each.code == "groups-not-compared")
    assert "there is no scratch folder with room" in finding.text
    assert export(source, tmp_path / "other", strategy="memory", scratch=tmp_path / "s")[0] is not None


def test_neighbours_of_the_groups_too(source: Path, tmp_path: Path) -> None:
    data = anndata.read_h5ad(source)
    data.obsp["spatial_connectivities"] = sparse.random(
        N_CELLS, N_CELLS, 0.02, "csr", "f4", random_state=np.random.default_rng(0)
    )
    data.obsm["spatial"] = data.obsm["X_umap"]
    export(data, tmp_path / "bundle", neighbourhoods="auto", permutations=10)
    stated = json.loads((tmp_path / "bundle" / "atlas.json").read_text())["neighbourhoods"]
    assert [each["column"] for each in stated["groupings"]][:2] == ["cell_type", "leiden"]
