"""Names that could be no paths: the same in a bundle of the source and in one of our own store of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse

import karospace_stream
from karospace_stream.source.elements.original_names import original_names


class Group(dict[str, Any]):
    """A group with attributes."""

    def __init__(self, keys: list[str], names: Any) -> None:
        super().__init__(dict.fromkeys(keys))
        self.attrs = {"original-names": names}


def test_a_bundle_has_the_names_of_the_source(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    obs = pd.DataFrame({"rna:leiden": pd.Categorical(["a", "b", "b", "a"])}, index=list("wxyz"))
    adata = AnnData(rng.random((4, 3), np.float32), obs=obs)
    adata.obsm = {"X_rna:umap": rng.random((4, 2)), "X_umap?": rng.random((4, 3)), "x_UMAP?": np.ones((4, 2))}
    adata.obsp["wnn:connectivities"] = sparse.csr_matrix(np.eye(4)[::-1])
    adata.uns["rna:leiden_colors"] = ["#112233", "#445566"]

    options: dict[str, Any] = {"anno": ["all"], "graph": "wnn:connectivities", "name": "x"}
    store = tmp_path / "store.zarr"
    karospace_stream.export(adata, store, format="anndata", **options)
    assert (store / "obsm" / "X_rna%3Aumap").is_dir()
    atlases = []
    for number, source in enumerate((adata, store)):
        out = tmp_path / str(number)
        karospace_stream.export(source, out, **options)
        (path,) = out.rglob("atlas.json")
        atlases.append(json.loads(path.read_bytes()))
    ours, again = atlases
    assert [each["key"] for each in again["embeddings"]] == [each["key"] for each in ours["embeddings"]]
    assert again["graph"]["key"] == ours["graph"]["key"] == "wnn:connectivities"
    (column,) = again["columns"]
    assert (column["name"], column["colors"]) == ("rna:leiden", ["#112233", "#445566"])


def test_names_that_would_make_two_elements_one_are_not_taken() -> None:
    keys = ["a-1", "a", "b-1", "b-2", "c%3A"]
    names = {"a-1": "a", "b-1": "b", "b-2": "b", "c%3A": "c:", "gone": "d", "a": 5}
    assert original_names(Group(keys, names)) == {"c%3A": "c:"}
    assert original_names(Group(keys, "text")) == {}
