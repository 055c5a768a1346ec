"""More arguments of ``prepare``, for the whole of both programs. Imported in the peer's environment too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse


def several_tiles() -> dict[str, Any]:
    """More cells than are read at a time, and than 16 bits number."""
    rng = np.random.default_rng(11)
    n, n_genes = 70_001, 6
    ends = rng.integers(0, n, (2, 60_000))
    weights = rng.random(60_000, np.float32)
    return {
        "latent_space": rng.normal(size=(n, 12)).astype(np.float32),
        "obs": pd.DataFrame(
            {
                "type": pd.Categorical.from_codes(rng.integers(-1, 5, n), list("edcba")),
                "depth": rng.gamma(2.0, 500.0, n),
                "sample": rng.choice(["s1", "s2", "s3"], n),
            }
        ),
        "var": pd.DataFrame(index=[f"g{i}" for i in range(n_genes)]),
        "gene_expression": sparse.random(n, n_genes, 0.2, format="csr", random_state=3, dtype=np.float32),
        "connectivities": sparse.coo_matrix((weights, ends), (n, n)).tocsr(),
        "X_umap_2d": rng.normal(size=(n, 2)).astype(np.float32) * 7,
        "X_umap_3d": rng.normal(size=(n, 3)),
        "vector_fields": {"velocity_umap": rng.normal(size=(n, 2)).astype(np.float32)},
        "dataset_name": "tiles",
    }


def kinds_of_columns() -> dict[str, Any]:
    """Every type that a pandas column can have; genes by columns, with names that are numbers."""
    rng = np.random.default_rng(12)
    n = 200
    days = pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 4, n), unit="D")
    some = rng.random(n) < 0.2
    text = rng.choice(np.array(["x", "y", None], object), n)
    obs = pd.DataFrame(
        {
            "int8": rng.integers(-128, 127, n).astype(np.int8),
            "uint64": rng.integers(0, 2**64 - 1, n, np.uint64),
            "float16": rng.normal(size=n).astype(np.float16),
            "big": np.where(some, 1e300, 1.0),
            "object numbers": rng.integers(0, 12, n).astype(object),
            "object flags": (rng.random(n) < 0.5).astype(object),
            "mixed": pd.Series(rng.choice(np.array([1, "1", 2.5, None, "b"], object), n)),
            "text with none": text,
            "string": pd.array(text, dtype="string"),
            "dates": days,
            "dates with none": pd.Series(days).mask(some),
            "zones": pd.Series(days).dt.tz_localize("Europe/Berlin"),
            "spans": pd.Series(days - days.min()),
            "periods": pd.Series(days).dt.to_period("M"),
            "ranges": pd.cut(rng.random(n), [0, 0.2, 0.7, 1]),
            "category dates": pd.Categorical(days),
            "category floats": pd.Categorical(np.round(rng.normal(size=n), 1)),
            "category flags": pd.Categorical(rng.random(n) < 0.5),
            "ordered": pd.Categorical(rng.choice(list("abc"), n), ["c", "a", "b"], ordered=True),
            "always": np.ones(n, bool),
            "Float32": pd.array(np.where(some, None, rng.normal(size=n)), dtype="Float32"),
            "UInt8": pd.array(np.where(some, None, 200), dtype="UInt8"),
            "nothing": np.full(n, None, object),
        },
        index=rng.permutation(n),
    )
    matrix = sparse.random(n, 9, 0.4, format="csc", random_state=4)
    matrix.data = np.round(matrix.data * 200 - 100)
    return {
        "latent_space": np.asfortranarray(np.round(rng.normal(size=(n, 4)), 1)),
        "obs": obs,
        "var": pd.DataFrame({"number": np.arange(9) / 4}, index=list("abcdefghi")),
        "var_gene_id_column": "number",
        "gene_expression": matrix.astype(np.int16),
        "X_umap_2d": rng.normal(size=(n, 2)),
        "connectivities": (rng.random((n, n)) < 0.02).astype(np.float32),
        "source_citation": "Someone & al.",
        "dataset_name": "kinds",
    }


def next_to_nothing() -> dict[str, Any]:
    """No genes, no columns, no graph; the latent space by columns."""
    rng = np.random.default_rng(13)
    n = 40
    return {
        "latent_space": sparse.random(n, 5, 0.5, format="csc", random_state=5),
        "obs": pd.DataFrame({"left out": rng.random(n)}),
        "var": pd.DataFrame(index=["not looked at"]),
        "obs_keys": [],
        "X_umap_3d": rng.normal(size=(n, 3)).tolist(),
        "vector_fields": {"drift_umap": sparse.random(n, 2, 0.5, random_state=6)},
        "dataset_name": "",
    }


CASES = {
    "several_tiles": several_tiles,
    "kinds_of_columns": kinds_of_columns,
    "next_to_nothing": next_to_nothing,
}


def small() -> dict[str, Any]:
    """What the wrong arguments below are right but for."""
    rng = np.random.default_rng(14)
    n = 30
    return {
        "latent_space": rng.normal(size=(n, 4)),
        "obs": pd.DataFrame({"type": rng.choice(["a", "b"], n), "depth": rng.random(n)}),
        "var": pd.DataFrame({"id": list("ABC")}, index=list("abc")),
        "gene_expression": rng.random((n, 3)),
        "connectivities": sparse.eye(n, format="csr"),
        "X_umap_2d": rng.normal(size=(n, 2)),
        "vector_fields": {"velocity_umap": rng.normal(size=(n, 2))},
    }


def _category(values: Any) -> pd.DataFrame:
    return pd.DataFrame({"type": values})


def wrong() -> dict[str, dict[str, Any]]:
    """Arguments, one of each set wrong."""
    n = 30
    ones = np.ones
    obs = small()["obs"]
    changes: dict[str, dict[str, Any]] = {
        "four dimensions": {"X_umap_4d": ones((n, 4))},
        "no points": {"X_umap_2d": None},
        "points of one axis": {"X_umap_1d": ones(n)},
        "points too wide": {"X_umap_1d": ones((n, 2))},
        "points too long": {"X_umap_3d": ones((n + 1, 3))},
        "no latent space": {"latent_space": None},
        "latent space too short": {"latent_space": ones((n - 1, 4))},
        "no obs": {"obs": None},
        "obs too short": {"obs": obs[:-1]},
        "column that is not there": {"obs_keys": ["type", "typo"]},
        "column of lists": {"obs": _category([[1]] * n)},
        "too many categories": {"obs": _category(range(n * 10))[:n].astype(str).astype("category")},
        "genes without var": {"var": None},
        "genes too short": {"gene_expression": ones((n - 1, 3))},
        "var too long": {"var": pd.DataFrame(index=list("abcd"))},
        "gene names not there": {"var_gene_id_column": "typo"},
        "graph too small": {"connectivities": sparse.eye(n - 1, format="csr")},
        "graph not square": {"connectivities": sparse.csr_matrix((n, n + 1))},
        "vectors in a list": {"vector_fields": [ones((n, 2))]},
        "vectors too wide": {"vector_fields": {"velocity_umap": ones((n, 4))}},
        "vectors that lie": {"vector_fields": {"velocity_umap_2d": ones((n, 3))}},
        "vectors too short": {"vector_fields": {"velocity_umap": ones((n - 1, 2))}},
        "vectors of a bad name": {"vector_fields": {"velo city": ones((n, 2))}},
        "level of ten": {"compression": 10},
    }
    changes["too many categories"] = {
        "obs": _category(pd.Categorical(["0"] * n, [str(i) for i in range(255)])),
        "obs_categorical_dtype": "uint8",
    }
    return {name: {**small(), **change} for name, change in changes.items()}


def dubious() -> dict[str, dict[str, Any]]:
    """What the peer takes without a word, and writes something wrong for."""
    n = 30
    flat = small()
    nan = flat["X_umap_2d"].copy()
    nan[3, 0] = np.nan
    twice = pd.DataFrame({"a b": np.zeros(n), "a/b": np.ones(n)})
    labels = pd.DataFrame({"Type": ["x"] * n, "type": ["y"] * n})
    changes: dict[str, dict[str, Any]] = {
        "columns of one file": {"obs": twice},
        "columns that differ in case": {"obs": labels},
        "genes of one file": {"var": pd.DataFrame(index=["a b", "c", "a/b"])},
        "genes of one name": {"var": pd.DataFrame(index=["a", "b", "a"])},
        "genes that differ in case": {"var": pd.DataFrame(index=["Actb", "ACTB", "c"])},
        "gene asked for twice": {"gene_identifiers": ["a", "a"]},
        "genes as one text": {"gene_identifiers": "abc"},
        "column asked for twice": {"obs_keys": ["type", "type"]},
        "seven bits": {"var_quantization": 7},
        "bits of truth": {"var_quantization": True},
        "type of codes": {"obs_categorical_dtype": "int8"},
        "quantile out of range": {"centroid_outlier_quantile": 0.3},
        "point that is missing": {"X_umap_2d": nan},
        "level of truth": {"compression": True},
        "masked latent space": {"latent_space": np.ma.masked_less(flat["latent_space"], 0)},
        "missing gene name": {
            "var": pd.DataFrame({"id": ["A", None, "C"]}, index=list("abc")),
            "var_gene_id_column": "id",
        },
    }
    return {name: {**small(), **change} for name, change in changes.items()}
