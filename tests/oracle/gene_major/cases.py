"""AnnData that both programs are given. Imported in the peer's environment too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse


def _graph(rng: np.random.Generator, n: int, n_edges: int) -> sparse.csr_matrix:
    a, b = rng.integers(0, n, (2, n_edges))
    a, b = a[a != b], b[a != b]
    weights = rng.random(len(a), np.float32) + np.float32(0.01)
    upper = sparse.coo_matrix((weights, (np.minimum(a, b), np.maximum(a, b))), (n, n)).tocsr()
    return upper + upper.T


def _columns(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """A column of every kind that has an encoding."""
    some = rng.random(n) < 0.2
    text = rng.choice(np.array(["x", "y", "ü z"], object), n)
    return {
        "cell type": pd.Categorical(rng.choice(["a", "b é", "c"], n), ["c", "a", "b é", "never"]),
        "ordered": pd.Categorical(rng.choice(list("lmh"), n), list("lmh"), ordered=True),
        "missing": pd.Categorical(np.where(some, None, text)),
        "numbers": pd.Categorical(rng.choice([3, 1, 2], n)),
        "floats": pd.Categorical(rng.choice([0.5, 0.25], n)),
        "flags": pd.Categorical(rng.random(n) < 0.5),
        "int8": rng.integers(-128, 127, n).astype(np.int8),
        "uint64": rng.integers(0, 2**64 - 1, n, np.uint64),
        "float16": rng.normal(size=n).astype(np.float16),
        "float32": np.where(some, np.nan, rng.normal(size=n)).astype(np.float32),
        "float64": rng.normal(size=n),
        "zero": np.zeros(n),
        "minus zero": np.full(n, -0.0),
        "bool": rng.random(n) < 0.5,
        "never": np.zeros(n, bool),
        "Int32": pd.array(np.where(some, None, rng.integers(-9, 9, n)), dtype="Int32"),
        "Int64 full": pd.array(rng.integers(-9, 9, n), dtype="Int64"),
        "boolean": pd.array(np.where(some, None, rng.random(n) < 0.5), dtype="boolean"),
        "text": text,
        "barcode": np.array([f"é {i}" for i in range(n)], object),
        "empty text": np.full(n, "", object),
    }


def kinds() -> dict[str, Any]:
    """Every kind of column, names that are there twice, a graph, fields that move, a latent space."""
    rng = np.random.default_rng(1)
    n, n_genes = 230, 70
    names = [f"cell {i}" for i in range(n)]
    names[5], names[9], names[11] = "cell 4", "cell 4", "cell 4-1"
    genes = [f"Gène{i}" for i in range(n_genes)]
    genes[3] = genes[7] = genes[1]
    var = pd.DataFrame(_columns(rng, n_genes), index=genes)
    var["symbol"] = [f"s{i}" for i in range(n_genes)]
    adata = anndata.AnnData(
        sparse.random(n, n_genes, 0.2, "csr", np.float32, rng),
        obs=pd.DataFrame(_columns(rng, n), index=names),
        var=var,
    )
    adata.obsm["X_umap"] = rng.normal(size=(n, 2))
    adata.obsm["X_umap_3d"] = rng.normal(size=(n, 3)).astype(np.float32)
    adata.obsm["velocity_umap"] = rng.normal(size=(n, 2)).astype(np.float32)
    adata.obsm["T_fwd_umap_3d"] = rng.normal(size=(n, 3))
    adata.obsm["velocity_umap_3d"] = rng.normal(size=(n, 2))  # of another width: no field
    adata.obsm["X_pca"] = rng.normal(size=(n, 7)).astype(np.float32)
    adata.obsm["whole numbers"] = rng.integers(0, 99, (n, 1))
    adata.obsp["connectivities"] = _graph(rng, n, 900)
    return {
        "data": adata,
        "latent_key": "X_pca",
        "centroid_min_points": 5,
        "var_gene_id_column": "symbol",
        "dataset_description": "",
        "source_name": "Someone",
        "source_url": "https://example.org/a",
        "citation_text": "Ünder review",
    }


def several_tiles() -> dict[str, Any]:
    """More cells than are read at a time; a graph by columns; more categories than one byte codes."""
    rng = np.random.default_rng(2)
    n, n_genes = 70_001, 12
    obs = pd.DataFrame(
        {
            "many": pd.Categorical.from_codes(rng.integers(-1, 127, n), [f"c{i:03}" for i in range(127)]),
            "most": pd.Categorical.from_codes(rng.integers(-1, 126, n), [f"c{i:03}" for i in range(126)]),
            "sample": rng.choice(["s1", "s2", "s3"], n),
        },
        index=[f"c{i}" for i in range(n)],
    )
    matrix = sparse.random(n, n_genes, 0.2, "csr", np.float32, rng)
    adata = anndata.AnnData(matrix, obs=obs, var=pd.DataFrame(index=[f"g{i}" for i in range(n_genes)]))
    adata.obsm["X_umap"] = rng.normal(size=(n, 2)).astype(np.float32)
    adata.obsm["latent"] = rng.normal(size=(n, 9)).astype(np.float32)
    adata.obsp["connectivities"] = sparse.csc_matrix(_graph(rng, n, 200_000))
    return {"data": adata, "latent_key": "latent"}


def several_chunks() -> dict[str, Any]:
    """More cells than a chunk has, and chunks of zeros, which are not stored."""
    rng = np.random.default_rng(3)
    n = 300_000
    late = np.zeros(n)
    late[280_000:] = 1
    obs = pd.DataFrame(
        {
            "late": late,
            "late flag": late > 0,
            "late text": np.where(late > 0, "b", "a"),
            "early": 1 - late,
            "gone": pd.array(np.where(late > 0, None, 3), dtype="Int16"),
            "group": pd.Categorical.from_codes(rng.integers(-1, 4, n), list("abcd")),
        },
        index=[f"c{i % 299_990}" for i in range(n)],
    )
    adata = anndata.AnnData(obs=obs)
    points = rng.normal(size=(n, 2)).astype(np.float32)
    points[131_072 : 2 * 131_072] = 0
    adata.obsm["X_umap"] = points
    adata.obsp["connectivities"] = _graph(rng, n, 600_000)
    return {"data": adata, "latent_key": "X_umap"}


def nothing_but_points() -> dict[str, Any]:
    """No columns, no genes, no graph."""
    adata = anndata.AnnData(obs=pd.DataFrame(index=list("abc")))
    adata.obsm["points"] = np.arange(3.0).reshape(3, 1)
    return {"data": adata}


def dense() -> dict[str, Any]:
    """A dense matrix of whole numbers that float32 does not hold."""
    rng = np.random.default_rng(4)
    adata = anndata.AnnData(rng.integers(0, 2**26, (40, 9)).astype(np.float64))
    adata.obsm["X_tsne"] = rng.normal(size=(40, 2))
    return {"data": adata, "gene_identifiers": ["7", "2", "3"]}


def drawn(seed: int) -> dict[str, Any]:
    """Some columns, some entries, at random."""
    rng = np.random.default_rng(seed)
    n, n_genes = (int(rng.integers(1, most)) for most in (90, 40))
    columns = {name: column for name, column in _columns(rng, n).items() if rng.random() < 0.3}
    density = float(rng.choice([0, 0.1, 1]))
    adata = anndata.AnnData(
        sparse.random(n, n_genes, density, "csr", np.float64, rng),
        obs=pd.DataFrame(columns, index=[f"c{i}" for i in range(n)]),
        var=pd.DataFrame(index=[f"g{i // 2}" for i in range(n_genes)]),
    )
    for key in rng.permutation(["X_a", "X_a_b", "f_a", "f_a_b", "g_a", "X_f_a"])[: rng.integers(1, 7)]:
        adata.obsm[str(key)] = rng.normal(size=(n, int(rng.integers(1, 4))))
    if rng.random() < 0.5:
        adata.obsp["connectivities"] = _graph(rng, n, 5 * n)
    latent = str(next(iter(adata.obsm))) if rng.random() < 0.5 else ""
    is_field = latent and not latent.startswith("X_")
    chosen = {"latent_key": latent, "centroid_min_points": 2} if latent and not is_field else {}
    return {"data": adata, **chosen}


CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "kinds": kinds,
    "several_tiles": several_tiles,
    "nothing_but_points": nothing_but_points,
    "dense": dense,
    **{f"drawn_{seed}": lambda seed=seed: drawn(seed) for seed in range(20, 40)},
    "several_chunks": several_chunks,
}
