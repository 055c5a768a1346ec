"""Colours of every spelling reach the bundle, from memory, HDF5 and Zarr."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from tests.oracle.reader import Bundle

RED_BLUE = ["#ff0000", "#0000ff"]
PALETTES: dict[str, tuple[Any, list[str] | None]] = {
    "named": (np.array(["red", "tab:blue"]), ["#ff0000", "#1f77b4"]),
    "short": (np.array(["#f00", "#00F"]), RED_BLUE),
    "eight": (np.array(["#FF0000ff", "#0000FFff"]), RED_BLUE),
    "rgb": (np.array([[1, 0, 0.0], [0, 0, 1]]), RED_BLUE),
    "rgba": (np.array([[1, 0, 0, 0.5], [0, 0, 1, 1]], np.float32), RED_BLUE),
    "bytes": (np.array([[255, 0, 0], [0, 0, 255]], np.uint8), RED_BLUE),
    "dict": ({"y": "#0000ff", "x": "#ff0000"}, RED_BLUE),
    "bad": (np.array(["red", "no color"]), ["#ff0000", "#808080"]),
    "few": (np.array(["red"]), None),
    "none": (np.array(["nix", "nox"]), None),
    "categories": (pd.Categorical(["red", "b"], categories=["b", "red"]), RED_BLUE),
    "masked": (pd.array(["red", "b"], dtype="string"), RED_BLUE),
    "flat": (np.array([0.5, 0.6]), None),
}


@pytest.mark.parametrize("suffix", ["", ".h5ad", ".zarr"])
def test_colors(suffix: str, export: Callable[..., Bundle], tmp_path: Path) -> None:
    obs = pd.DataFrame({name: pd.Categorical(["x", "y"] * 4) for name in PALETTES}, index=list("abcdefgh"))
    adata = anndata.AnnData(np.ones((8, 1), np.float32), obs=obs, obsm={"X_umap": np.ones((8, 2))})
    for name, (colors, _) in PALETTES.items():
        adata.uns[f"{name}_colors"] = colors
    source: Any = adata
    if suffix:
        source = tmp_path / f"in{suffix}"
        with (
            warnings.catch_warnings(action="ignore"),
            anndata.settings.override(zarr_write_format=3, allow_write_nullable_strings=True),
        ):
            adata.write_h5ad(source) if suffix == ".h5ad" else adata.write_zarr(source)
    columns = export(source, anno="all").stream.atlas["columns"]
    assert {column["name"]: column.get("colors") for column in columns} == {
        name: expected for name, (_, expected) in PALETTES.items()
    }
    notes = [note for note in karospace_stream.plan_export(source, anno="all").notes if "_colors" in note]
    assert sorted(notes) == [
        "uns['bad_colors'] has no known colour for 'y' ('no color'), drawn grey",
        "uns['few_colors'] is not used: 1 colour for 2 categories",
        "uns['flat_colors'] is not used: none of its values is a colour",
        "uns['none_colors'] is not used: none of its values is a colour",
    ]


def cellxgene(term_of_cell: list[str], colors: Any) -> anndata.AnnData:
    """As CELLxGENE has it: colours in the order of the terms, which is not that of the labels."""
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(
                ["B cell", "T cell", "monocyte"] * 2, categories=["B cell", "T cell", "monocyte", "none"]
            ),
            "cell_type_ontology_term_id": pd.Categorical(term_of_cell),
        },
        index=list("abcdef"),
    )
    adata = anndata.AnnData(np.ones((6, 1), np.float32), obs=obs, obsm={"X_umap": np.ones((6, 2))})
    adata.uns["cell_type_ontology_term_id_colors"] = colors
    return adata


TERMS = ["CL:9", "CL:1", "CL:5"] * 2  # sorted: T cell, monocyte, B cell


@pytest.mark.parametrize(
    "colors",
    [np.array(["red", "lime", "blue"]), {"CL:1": "red", "CL:5": "lime", "CL:9": "blue"}],
    ids=["in order", "by term"],
)
def test_colors_of_terms_are_those_of_their_labels(colors: Any, export: Callable[..., Bundle]) -> None:
    adata = cellxgene(TERMS, colors)
    column = export(adata, anno=["cell_type"]).stream.atlas["columns"][0]
    by_label = dict(zip(["B cell", "T cell", "monocyte"], column["colors"], strict=False))
    assert by_label == {"B cell": "#0000ff", "T cell": "#ff0000", "monocyte": "#00ff00"}
    assert column["colors"][3:] == ["#808080"]  # without a cell
    plan = karospace_stream.plan_export(adata, anno=["cell_type"])
    assert not [finding for finding in plan.findings if finding.code.startswith("colors")]
    assert "uns:cell_type_ontology_term_id_colors" not in [
        each.part for parts in plan.left_out.values() for each in parts
    ]


def test_labels_of_several_terms_keep_the_colors_of_the_page(export: Callable[..., Bundle]) -> None:
    adata = cellxgene(["CL:9", "CL:1", "CL:5", "CL:1", "CL:1", "CL:5"], np.array(["red", "lime", "blue"]))
    assert export(adata, anno=["cell_type"]).stream.atlas["columns"][0].get("colors") is None
    (note,) = [
        note for note in karospace_stream.plan_export(adata, anno=["cell_type"]).notes if "_colors" in note
    ]
    assert note == (
        "uns['cell_type_ontology_term_id_colors'] is not used: "
        "a label of 'cell_type' stands for several terms"
    )


@pytest.mark.parametrize(
    "colors",
    [np.array(["red", "lime", "blue"]), {"CL:1": "red", "CL:5": "lime", "CL:9": "blue"}],
    ids=["in order", "by term"],
)
@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_store_has_them_where_scanpy_and_the_page_look(
    colors: Any, zarr_format: int, tmp_path: Path
) -> None:
    adata = cellxgene(TERMS, colors)
    adata.write_h5ad(tmp_path / "in.h5ad")
    options: dict[str, Any] = {"format": "anndata", "zarr_format": zarr_format}
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "out.zarr", **options)
    kept = anndata.read_zarr(tmp_path / "out.zarr")
    assert list(kept.obs["cell_type"].cat.categories) == ["B cell", "T cell", "monocyte", "none"]
    assert list(kept.uns["cell_type_colors"]) == ["#0000ff", "#ff0000", "#00ff00", "#808080"]
    if not isinstance(colors, dict):
        assert list(kept.uns["cell_type_ontology_term_id_colors"]) == ["red", "lime", "blue"]
    assert karospace_stream.verify(tmp_path / "out.zarr", source=tmp_path / "in.h5ad").faults == ()


def test_a_store_keeps_colors_that_the_file_has(tmp_path: Path) -> None:
    adata = cellxgene(TERMS, np.array(["red", "lime", "blue"]))
    adata.uns["cell_type_colors"] = np.array(["#111111", "#222222", "#333333", "#444444"])
    karospace_stream.export(adata, tmp_path / "out.zarr", format="anndata")
    kept = anndata.read_zarr(tmp_path / "out.zarr")
    assert list(kept.uns["cell_type_colors"]) == ["#111111", "#222222", "#333333", "#444444"]


def test_what_keeps_them_out_is_said_once_for_several_formats() -> None:
    adata = cellxgene(["CL:9", "CL:1", "CL:5", "CL:1", "CL:1", "CL:5"], np.array(["red", "lime", "blue"]))
    plan = karospace_stream.plan_export(adata, anno=["cell_type"], format=["karospace", "anndata"])
    assert [each.code for each in plan.findings].count("colors-unused") == 1
    assert plan.formats[1].facts().more["uns"] == ["cell_type_ontology_term_id_colors"]
