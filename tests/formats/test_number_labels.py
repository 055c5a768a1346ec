"""Whole numbers that are labels by their names are categories in a bundle; an option says which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.columns import number_labels
from karospace_stream.model.finding import Finding

N = 240
LEIDEN = np.arange(N) % 12


def make(**columns: Any) -> anndata.AnnData:
    rng = np.random.default_rng(0)
    obs = pd.DataFrame(columns, index=[f"cell_{at}" for at in range(N)])
    return anndata.AnnData(rng.random((N, 3), np.float32), obs=obs, obsm={"X_umap": rng.random((N, 2))})


def said(adata: anndata.AnnData, **options: Any) -> list[Finding]:
    found = karospace_stream.plan_export(adata, **options).findings
    return [each for each in found if each.code in ("numbers-as-labels", "labels-as-numbers")]


def shown(adata: anndata.AnnData, folder: Path, **options: Any) -> dict[str, Any]:
    """Columns of a bundle: their categories, or the kind of those without."""
    karospace_stream.export(adata, folder, gzip=False, progress=False, **options)
    atlas = json.loads((folder / "atlas.json").read_bytes())
    return {each["name"]: each.get("categories", each["kind"]) for each in atlas["columns"]}


def test_clusters_are_categories_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    adata = make(n_counts=np.arange(N), leiden=LEIDEN, day=np.arange(N) % 3, batch=["a", "b"] * (N // 2))
    found = shown(adata, tmp_path / "out")
    assert found == {"leiden": [str(at) for at in range(12)], "batch": ["a", "b"], "n_counts": "number"}
    assert next(iter(found)) == "leiden"
    text = "leiden holds whole numbers, 12 labels by its name, shown as categories"
    assert said(adata) == [Finding("numbers-as-labels", text, "as_labels", ("none",))]
    records = json.loads((tmp_path / "out" / "assets" / "obs_records_000.json").read_bytes())
    assert [each["leiden"] for each in records[:3]] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("leiden", np.arange(N) % 101),  # more than 100
        ("leiden", np.zeros(N, int)),
        ("leiden", (np.arange(N) % 12).astype(float)),
        ("day", np.arange(N) % 3),  # no name of labels
        ("cluster_score", np.arange(N) % 3),
        ("cell_id", np.arange(N) % 3),
    ],
)
def test_other_numbers_stay_numbers(name: str, values: npt.NDArray[Any], tmp_path: Path) -> None:
    adata = make(**{name: values})
    assert shown(adata, tmp_path / "out", anno="all") == {name: "number"}
    assert said(adata, anno="all") == []


def test_missing_and_negative_labels(tmp_path: Path) -> None:
    clusters = pd.array([None if at % 4 == 0 else at % 4 - 2 for at in range(N)], "Int64")
    adata = make(cluster=clusters)
    assert shown(adata, tmp_path / "out") == {"cluster": ["-1", "0", "1"]}
    codes = np.fromfile(tmp_path / "out" / "assets" / "stream" / "obs_000_part_000.bin", np.uint8)
    assert codes[:4].tolist() == [255, 0, 1, 2]


def test_only_labels_of_exported_cells(tmp_path: Path) -> None:
    adata = make(leiden=np.where(np.arange(N) == 7, 50, LEIDEN))
    found = shown(adata, tmp_path / "out", downsample=100)["leiden"]
    plan = karospace_stream.plan_export(adata, downsample=100)
    assert found == [str(each) for each in sorted(set(adata.obs["leiden"].iloc[plan.selection.cells]))]
    assert "50" not in found


def test_the_user_says_which(tmp_path: Path) -> None:
    adata = make(leiden=LEIDEN, day=np.arange(N) % 3)
    assert shown(adata, tmp_path / "none", as_labels="none") == {"leiden": "number"}
    assert shown(adata, tmp_path / "day", as_labels="day") == {"day": ["0", "1", "2"], "leiden": "number"}
    assert said(adata, as_labels="none") == said(adata, as_labels="day") == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"as_labels": "leidn"}, "no obs column 'leidn'; did you mean 'leiden'"),
        ({"as_labels": "share"}, "as_labels: 'share' must hold whole numbers, got float"),
        ({"as_labels": "leiden", "anno": "share"}, "as_labels: 'leiden' is not exported; name it with anno="),
        ({"as_labels": "many"}, "as_labels: 'many' must have at most 100 different values, got more"),
        ({"as_labels": "leiden", "format": "anndata"}, "as_labels= is for"),
    ],
)
def test_what_cannot_be_labels_is_refused(
    options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_labels, "MOST_NAMED_LABELS", 100)
    adata = make(leiden=LEIDEN, share=np.linspace(0, 1, N), many=np.arange(N))
    with pytest.raises(BadOptionError, match=words):
        karospace_stream.plan_export(adata, **options)


def test_a_cellucid_export_has_numbers_unless_named(tmp_path: Path) -> None:
    adata = make(leiden=LEIDEN)
    text = "leiden holds whole numbers, 12 labels by its name, shown as numbers"
    assert said(adata, format="cellucid") == [Finding("labels-as-numbers", text, "as_labels", ("leiden",))]
    for options, is_category in (({}, False), ({"as_labels": "leiden"}, True)):
        folder = tmp_path / str(is_category)
        karospace_stream.export(adata, folder, format="cellucid", gzip=False, progress=False, **options)
        manifest = json.loads((folder / "obs_manifest.json").read_bytes())
        assert [each[0] for each in manifest["_categoricalFields"]] == ["leiden"] * is_category
        assert [each[0] for each in manifest["_continuousFields"]] == ["leiden"] * (not is_category)


@pytest.mark.parametrize("format", ["karospace", "cellucid"])
def test_values_are_verified_as_they_were_exported(format: str, tmp_path: Path) -> None:
    make(leiden=LEIDEN, day=np.arange(N) % 3).write_h5ad(tmp_path / "in.h5ad")
    options = {"format": format, "as_labels": ["day"], "anno": ["leiden", "day"]}
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out", progress=False, **options)
    found = karospace_stream.verify(tmp_path / "out", source=tmp_path / "in.h5ad")
    assert found.faults == ()
