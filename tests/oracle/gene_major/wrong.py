"""What the other program refuses, and ours mostly. Imported in the peer's environment too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

N = 30


def small() -> anndata.AnnData:
    """What is right."""
    rng = np.random.default_rng(5)
    adata = anndata.AnnData(
        sparse.random(N, 4, 0.5, "csr", np.float32, rng),
        obs=pd.DataFrame({"depth": rng.random(N)}, index=[f"c{i}" for i in range(N)]),
        var=pd.DataFrame(index=list("abcd")),
    )
    adata.obsm["X_umap"] = rng.normal(size=(N, 2))
    return adata


def _column(**columns: Any) -> dict[str, Any]:
    adata = small()
    for name, values in columns.items():
        adata.obs[name] = values
    return {"data": adata}


def _named(*names: str) -> dict[str, Any]:
    return _column(**dict.fromkeys(names, 1.0))


def _points(value: float) -> dict[str, Any]:
    adata = small()
    adata.obsm["X_umap"][7, 1] = value
    return {"data": adata}


def _entry(key: str) -> dict[str, Any]:
    adata = small()
    adata.obsm[key] = np.ones((N, 2))
    return {"data": adata}


def _edge(first: int, second: int, weight: float, back: float) -> dict[str, Any]:
    adata, graph = small(), np.zeros((N, N))
    graph[first, second], graph[second, first] = weight, back
    adata.obsp["connectivities"] = sparse.csr_matrix(graph)
    return {"data": adata}


def _gene(value: float) -> dict[str, Any]:
    adata = small()
    adata.X.data[3] = value
    return {"data": adata}


def _cell_name() -> dict[str, Any]:
    adata = small()
    adata.obs_names = ["", *adata.obs_names[1:]]
    return {"data": adata}


def _gene_name() -> dict[str, Any]:
    adata = small()
    adata.var_names = ["", *adata.var_names[1:]]
    return {"data": adata}


def _moving() -> dict[str, Any]:
    return _entry("velocity_umap") | {"latent_key": "velocity_umap"}


def _option(**options: Any) -> dict[str, Any]:
    return {"data": small(), **options}


#: What the other program refuses, and a word of our sentence; no word where ours takes it as anndata does.
WRONG: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "infinity": ("", lambda: _column(depth=[np.inf] * N)),
    "minus infinity": ("", lambda: _column(depth=[1.0] * (N - 1) + [-np.inf])),
    "slash": ("", lambda: _named("a/b")),
    "question mark": ("", lambda: _named("a?")),
    "control": ("", lambda: _named("a\tb")),
    "dots": ("", lambda: _named("..")),
    "document": ("", lambda: _named("zarr.json")),
    "blank at the end": ("", lambda: _named("a ")),
    "dot at the end": ("", lambda: _named("a.")),
    "device": ("", lambda: _named("con")),
    "device with an ending": ("", lambda: _named("Lpt1.x")),
    "letter case": ("", lambda: _named("Sex", "sex")),
    "index": ("", lambda: _named("_index")),
    "entry": ("", lambda: _entry("X:umap")),
    "entries by case": ("", lambda: _entry("x_umap")),
    "missing point": ("", lambda: _points(np.nan)),
    "endless point": ("", lambda: _points(np.inf)),
    "large point": ("float32", lambda: _points(1e300)),
    "weight below zero": ("", lambda: _edge(1, 2, -1.0, -1.0)),
    "weight that is none": ("", lambda: _edge(1, 2, np.nan, np.nan)),
    "large weight": ("float32", lambda: _edge(1, 2, 1e300, 1e300)),
    "own neighbour": ("", lambda: _edge(3, 3, 1.0, 1.0)),
    "one way": ("", lambda: _edge(1, 2, 1.0, 0.0)),
    "two weights": ("", lambda: _edge(1, 2, 1.0, np.nextafter(1.0, 2.0))),
    "value that is none": ("", lambda: _gene(np.nan)),
    "endless value": ("", lambda: _gene(np.inf)),
    "cell without a name": ("every cell must have a name", _cell_name),
    "gene without a name": ("every gene must have a name", _gene_name),
    "latent space": ("latent: ", lambda: _option(latent_key="X_pca")),
    "latent space that moves": ("latent: ", _moving),
    "names of genes": ("gene_names: ", lambda: _option(var_gene_id_column="symbol")),
    "id with a blank": ("dataset_id= must", lambda: _option(dataset_id="a b")),
    "id with a dot": ("dataset_id= must", lambda: _option(dataset_id="a.")),
    "long id": ("dataset_id= must", lambda: _option(dataset_id="a" * 181)),
    "address that is none": ("source_url= must", lambda: _option(source_name="a", source_url="example")),
    "no name": ("name= must", lambda: _option(dataset_name="")),
}
