"""Columns, first colour and first embedding that nobody chose: a file of CELLxGENE's, in all formats."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from tests.made.cellxgene import cellxgene

COLUMNS = [
    *("cell_type", "author_cell_type", "leiden", "donor_id", "development_stage", "sex"),
    *("nCount_RNA", "nFeature_RNA", "percent.mt"),
]


@pytest.fixture(params=["", ".h5ad", ".zarr"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    adata = cellxgene()
    if not request.param:
        return adata
    path = tmp_path / f"in{request.param}"
    with warnings.catch_warnings(action="ignore"), anndata.settings.override(zarr_write_format=3):
        adata.write_h5ad(path) if request.param == ".h5ad" else adata.write_zarr(path)
    return path


def test_a_bundle_has_the_columns_that_a_person_would_choose(source: Any, tmp_path: Path) -> None:
    plan = karospace_stream.plan_export(source)
    made = plan.to_json()
    assert made["columns"] == COLUMNS
    assert made["column_reasons"]["cell_type"] == "cell type"
    assert made["column_reasons"]["donor_id"] == "2 categories"
    why = {each.part: each.reason for each in plan.left_out["karospace"]}
    assert why["obs:assay_ontology_term_id"] == "ontology terms"
    assert why["obs:assay"] == "a single value"
    assert why["obs:is_primary_data"] == "a single value in the rows looked at"
    assert why["obs:observation_joinid"] == "an id of each cell"
    karospace_stream.export(source, tmp_path / "bundle")
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_bytes())
    assert manifest["annotation_columns"] == COLUMNS
    assert karospace_stream.verify(tmp_path / "bundle", source=source).faults == ()


def test_with_all_columns_the_best_label_comes_first(tmp_path: Path) -> None:
    adata = cellxgene()
    columns = karospace_stream.plan_export(adata, anno="all").to_json()["columns"]
    assert columns == ["cell_type", *(name for name in adata.obs if name != "cell_type")]


def test_named_columns_keep_their_order() -> None:
    made = karospace_stream.plan_export(cellxgene(), anno=["sex", "cell_type"]).to_json()
    assert (made["columns"], made["column_reasons"]) == (["sex", "cell_type"], {})


def test_the_other_formats_have_every_column() -> None:
    adata = cellxgene()
    for name in ("cellucid", "anndata"):
        assert karospace_stream.plan_export(adata, format=name).to_json()["columns"] == list(adata.obs)


@pytest.mark.parametrize("named", ["X_tsne", "tsne", "X_TSNE"])
def test_the_default_embedding_of_the_file_comes_first(named: str, tmp_path: Path) -> None:
    adata = cellxgene()
    adata.obsm["spatial"] = np.random.default_rng(0).normal(size=(adata.n_obs, 2))
    adata.obsm["X_umap_3d"] = np.random.default_rng(1).normal(size=(adata.n_obs, 3))
    adata.uns["default_embedding"] = named
    formats = ("karospace", "cellucid", "anndata")
    karospace_stream.export(adata, tmp_path / "all", format=list(formats))
    manifest = json.loads((tmp_path / "all/karospace/manifest.json").read_bytes())
    assert manifest["coordinate_source"] == "obsm:X_tsne"
    identity = json.loads((tmp_path / "all/cellucid/dataset_identity.json").read_bytes())
    assert identity["embeddings"]["default_dimension"] == 2
    points = karospace_stream.plan_export(adata, format="cellucid").to_json()["coordinates"]
    assert points == "obsm:X_tsne, obsm:X_umap_3d"
    store = anndata.read_zarr(tmp_path / "all/anndata")
    assert store.uns["cellucid"]["defaults"] == {"embedding2d": "X_tsne", "geneIdColumn": "feature_name"}
    for name in formats:
        assert karospace_stream.verify(tmp_path / "all" / name, source=adata).faults == ()


def test_another_one_may_be_named_and_the_default_left_out() -> None:
    adata = cellxgene()
    adata.uns["default_embedding"] = "X_tsne"
    plans = (
        karospace_stream.plan_export(adata, coords="obsm:X_umap"),
        karospace_stream.plan_export(adata, leave_out="uns:default_embedding"),
        karospace_stream.plan_export(adata, leave_out="obsm:X_tsne"),
    )
    assert [plan.to_json()["coordinates"] for plan in plans] == ["obsm:X_umap"] * 3
    codes = [[each.code for each in plan.findings] for plan in plans]
    assert ["no-default-embedding" in several for several in codes] == [False, False, True]


@pytest.mark.parametrize("named", ["X_gone", "velocity_umap", "", 5, {"a": 1}, ["X_umap", "X_tsne"]])
def test_a_default_that_is_none_is_passed_over(named: Any) -> None:
    adata = cellxgene()
    adata.uns["default_embedding"] = named
    plan = karospace_stream.plan_export(adata)
    assert plan.to_json()["coordinates"] == "obsm:X_umap"
    told = [each.text for each in plan.findings if each.code == "no-default-embedding"]
    assert len(told) == (isinstance(named, str) and bool(named))
