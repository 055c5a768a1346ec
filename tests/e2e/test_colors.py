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
        "uns['few_colors'] is not used: 1 colours for 2 categories",
        "uns['flat_colors'] is not used: none of its values is a colour",
        "uns['none_colors'] is not used: none of its values is a colour",
    ]
