"""Arguments of ``prepare`` drawn at random, from a seed. Imported in the peer's environment too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

SEEDS = range(60)
_DTYPES = ["f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?"]
_ODD = [np.nan, np.inf, -np.inf, 1e-42, 65_000.0, 3.3]


def drawn(seed: int) -> dict[str, Any]:
    """One set of arguments that both programs take."""
    rng = np.random.default_rng(seed)
    n, n_genes = int(rng.choice([1, 2, 9, 10, 11, 50, 300, 2_000])), int(rng.integers(1, 12))
    dims = [dim for dim in (1, 2, 3) if rng.random() < 0.5] or [2]
    bits = [None, 8, 16]
    latent = rng.normal(size=(n, int(rng.integers(1, 60)))).astype(rng.choice(["f4", "f8"]))
    return {
        "latent_space": np.round(latent) if rng.random() < 0.3 else latent,
        "obs": _obs(rng, n),
        "var": pd.DataFrame(index=[f"g{i}" for i in range(n_genes)]),
        "gene_expression": _matrix(rng, n, n_genes),
        "connectivities": _graph(rng, n) if rng.random() < 0.6 else None,
        **{f"X_umap_{dim}d": _points(rng, n, dim) for dim in dims},
        "vector_fields": {f"v_{dim}d": rng.normal(size=(n, dim)) for dim in dims},
        "centroid_min_points": int(rng.choice([1, 2, 3, 10, 12])),
        "centroid_outlier_quantile": float(rng.choice([0.95, 0.6, 0.99, 0.75])),
        "compression": [None, 1][rng.integers(2)],
        "var_quantization": bits[rng.integers(3)],
        "obs_continuous_quantization": bits[rng.integers(3)],
    }


def _points(rng: np.random.Generator, n: int, dim: int) -> Any:
    values = rng.normal(size=(n, dim)) * rng.choice([1, 1e-5, 1e6, 0]) + rng.choice([0, 1e3])
    return values.astype(rng.choice(["f4", "f8"]))


def _matrix(rng: np.random.Generator, n: int, n_genes: int) -> Any:
    """Any type of numbers, any layout; single values that are odd, and constant genes."""
    values = rng.normal(size=(n, n_genes)) * rng.choice([1, 1e-3, 1e3, 50])
    values[rng.random((n, n_genes)) > rng.random()] = 0
    dtype = np.dtype(rng.choice(_DTYPES))
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = np.clip(values, max(limits.min, -(2**50)), min(limits.max, 2**50))
    elif dtype.kind == "f":
        for _ in range(3):
            values[rng.random(n) < rng.random(), rng.integers(n_genes)] = rng.choice(_ODD)
    with np.errstate(all="ignore"):
        values = values > 0 if dtype.kind == "b" else values.astype(dtype)
    layouts = [np.ascontiguousarray, np.asfortranarray]
    if dtype != np.float16:  # SciPy has none
        layouts += [sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix]
    return layouts[rng.integers(len(layouts))](values)


def _graph(rng: np.random.Generator, n: int) -> Any:
    """Pairs that repeat, cancel, or weigh nothing."""
    ends = rng.integers(0, n, (2, int(rng.integers(0, 5 * n + 1))))
    weights = rng.choice([1, -1, 0.5, 0, np.nan], ends.shape[1], p=[0.4, 0.2, 0.2, 0.1, 0.1])
    graph = sparse.coo_matrix((weights.astype("f4"), ends), (n, n))
    return graph.tocsr() if rng.random() < 0.5 else graph.tocsc()


def _obs(rng: np.random.Generator, n: int) -> pd.DataFrame:
    columns = {f"c {number}": _column(rng, n) for number in range(int(rng.integers(1, 6)))}
    return pd.DataFrame(columns, index=range(n))


def _column(rng: np.random.Generator, n: int) -> Any:
    kind = rng.integers(8)
    if kind == 0:
        return rng.normal(size=n).astype(rng.choice(["f2", "f4", "f8"]))
    if kind == 1:
        return rng.integers(-(2**50), 2**50, n)
    if kind == 2:
        m = int(rng.integers(1, 400))
        return pd.Categorical.from_codes(rng.integers(-1, m, n), [f"k{i}" for i in range(m)])
    if kind == 3:
        return rng.choice(np.array(["a", "", "B", "é", None], object), n)
    if kind == 4:
        return rng.random(n) < 0.5
    if kind == 5:
        return pd.array(np.where(rng.random(n) < 0.3, None, 1.5), dtype="Float64")
    if kind == 6:
        odd = [np.nan, np.inf, -0.0, 1e39][rng.integers(4)]
        return np.where(rng.random(n) < 0.5, odd, rng.normal(size=n))
    return pd.Categorical(rng.integers(0, 3, n))
