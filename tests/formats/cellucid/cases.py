"""Inputs for the peer and for us: arguments of ``prepare``. Imported in the peer's environment too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

LEVELS = (None, 6)
BITS = (None, 8, 16)


def variants(name: str) -> dict[str, dict[str, Any]]:
    """Every combination of compression and quantisation of one case, by folder name."""
    return {
        f"{name}-{level}-{bits}": CASES[name]()
        | {"compression": level, "var_quantization": bits, "obs_continuous_quantization": bits}
        for level in LEVELS
        for bits in BITS
    }


def _graph(rng: np.random.Generator, n: int, n_entries: int) -> Any:
    ends = np.unique(rng.integers(0, n, (n_entries, 2)), axis=0).T
    return sparse.csr_matrix((rng.random(ends.shape[1]), ends), (n, n))


def everything() -> dict[str, Any]:
    """Sparse, two dimensions and three, a graph, vectors, names that need cleaning."""
    rng = np.random.default_rng(1)
    n, n_genes = 500, 25
    genes = [f"gene {i}" for i in range(20)] + ["é/ü", "../etc", "HLA-DRA.1", "__proto__", "a\tb"]
    obs = pd.DataFrame(
        {
            "cell type": pd.Categorical(
                rng.choice(["T/NK", "B", "naïve"], n), ["naïve", "B", "none", "T/NK"]
            ),
            "n.counts": rng.poisson(1000, n),
            "%mito": rng.random(n).astype(np.float32),
            "flag": rng.random(n) > 0.3,
            "text": rng.choice(["b", "", "B", "a", "é"], n),
        }
    )
    obs.loc[rng.random(n) < 0.1, "cell type"] = np.nan
    umap = rng.normal(size=(n, 2)).astype(np.float32)
    return {
        "latent_space": rng.normal(size=(n, 50)).astype(np.float32),
        "obs": obs,
        "var": pd.DataFrame(index=genes),
        "gene_expression": sparse.random(n, n_genes, 0.1, format="csr", random_state=2, dtype=np.float32),
        "connectivities": _graph(rng, n, 5_000),
        "X_umap_2d": umap,
        "X_umap_3d": rng.normal(size=(n, 3)) * [1, 10, 100],
        "vector_fields": {
            "velocity_umap": rng.normal(size=(n, 2)),
            "T_fwd_umap_3d": rng.normal(size=(n, 3)),
            "T_fwd_umap_2d": rng.normal(size=(n, 2)),
            "pca_drift_1d": rng.normal(size=n),
        },
        "dataset_name": "Every thing/ü",
        "dataset_description": 'with "quotes"',
        "source_name": "someone",
        "source_url": "https://example.org",
    }


def hostile_values() -> dict[str, Any]:
    """Dense float64 with NaN and infinities, constant and all-missing genes; all dimensions."""
    rng = np.random.default_rng(2)
    n = 333
    matrix = rng.normal(size=(n, 8))
    matrix[::7, 0] = np.nan
    matrix[::11, 1] = np.inf
    matrix[5, 1] = -np.inf
    matrix[:, 2] = 3.3
    matrix[:, 3] = np.nan
    matrix[:, 4] = -0.0
    matrix[:, 5] *= 1e37
    matrix[:, 6] = rng.integers(0, 2**24, n)
    obs = pd.DataFrame(
        {
            "nan": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)),
            "inf": np.where(rng.random(n) < 0.2, np.inf, rng.normal(size=n)),
            "none": np.full(n, np.nan),
            "constant": np.full(n, 7),
            "wide": rng.integers(-(2**60), 2**60, n),
            "nullable": pd.array(np.where(rng.random(n) < 0.5, None, 3), dtype="Int64"),
            "nullable flag": pd.array(rng.choice(np.array([None, True, False]), n), dtype="boolean"),
            "never": pd.Categorical([None] * n, categories=["x"]),
            "empty": pd.Categorical([None] * n, categories=[]),
        }
    )
    return {
        "latent_space": rng.normal(size=(n, 1)),
        "obs": obs,
        "var": pd.DataFrame({"id": [f"g{i}" for i in range(8)]}, index=list("abcdefgh")),
        "gene_expression": matrix,
        "var_gene_id_column": "id",
        "gene_identifiers": ["g7", "g0", "g1", "gone", "g2", "g3", "g4", "g5", "g6"],
        "X_umap_1d": rng.normal(size=(n, 1)),
        "X_umap_2d": np.full((n, 2), 2.5),
        "X_umap_3d": rng.normal(size=(n, 3)).astype(np.float32) * 1e-9,
        "centroid_min_points": 3,
        "centroid_outlier_quantile": 0.8,
        "dataset_id": "an id",
        "dataset_name": "hostile",
    }


def many_categories() -> dict[str, Any]:
    """Categories of each width, some with too few cells; one dimension; ties everywhere."""
    rng = np.random.default_rng(3)
    n = 4_000
    obs = pd.DataFrame(
        {
            "300": pd.Categorical.from_codes(rng.integers(-1, 300, n), [f"c{i}" for i in range(300)]),
            "254": pd.Categorical.from_codes(rng.integers(0, 254, n), range(254)),
            "255": pd.Categorical.from_codes(rng.integers(0, 255, n), np.arange(255) / 2),
            "one": ["x"] * n,
            "skewed": rng.choice(["rare", "common"], n, p=[0.002, 0.998]),
        }
    )
    return {
        "latent_space": sparse.csr_matrix(np.round(rng.normal(size=(n, 9)))),
        "obs": obs,
        "X_umap_1d": np.round(rng.normal(size=(n, 1)) * 5),
        "dataset_name": "many",
        "connectivities": _graph(rng, n, 16_000).tocsc() - sparse.eye(n),
    }


def chosen() -> dict[str, Any]:
    """Some columns, uint16 codes, no centroids, a graph whose weights cancel."""
    given = everything()
    graph = given["connectivities"].tocsr()
    graph.data[::5] = 0
    return given | {
        "obs_keys": ["text", "%mito", "cell type"],
        "obs_categorical_dtype": "uint16",
        "centroid_outlier_quantile": None,
        "connectivities": graph - graph.T.multiply(graph.T > 0.5),
        "gene_expression": given["gene_expression"].tocsc().astype(np.int64),
        "vector_fields": {"b": given["X_umap_2d"] * 1.0, "a_2d": given["X_umap_2d"] * 2.0, "none": None},
    }


CASES = {
    "everything": everything,
    "hostile_values": hostile_values,
    "many_categories": many_categories,
    "chosen": chosen,
}
