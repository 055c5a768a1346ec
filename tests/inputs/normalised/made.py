"""Counts in every layout, their export, and what it must hold."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
from scipy import sparse

import karospace_stream

N_CELLS, N_GENES = 300, 40
LAYOUTS = ("csr", "csc", "dense", "tall")


def counts(dtype: str = "float32", *, seed: int = 0) -> np.ndarray:
    """Mostly zeros; the fourth cell has no counts. Fractions if there is a seed, else whole numbers."""
    random = np.random.default_rng(seed)
    made = random.poisson(0.7, (N_CELLS, N_GENES)) * random.integers(1, 4, (N_CELLS, 1))
    made[3] = 0
    return (made * random.uniform(0.5, 2, made.shape) if seed else made).astype(dtype)


def expected(values: np.ndarray, target: Any, *, log: bool, cells: Any = slice(None)) -> np.ndarray:
    """``normalize_total`` and ``log1p`` by their formulas, of some cells."""
    wide = values[cells].astype(np.float64)
    totals = wide.sum(axis=1)
    if target == "median":
        target = np.median(totals[totals > 0])
    if target is not None:
        wide = wide / np.where(totals == 0, 1, totals / target)[:, None]
    return np.log1p(wide) if log else wide


def as_anndata(values: np.ndarray, layout: str) -> anndata.AnnData:
    """An AnnData with these values as X, UMAP and groups of cells."""
    x = {"csr": sparse.csr_matrix, "csc": sparse.csc_matrix}.get(layout, np.asarray)(values)
    adata = anndata.AnnData(x)
    adata.var_names = [f"g{number}" for number in range(values.shape[1])]
    adata.obsm["X_umap"] = np.random.default_rng(1).normal(size=(len(values), 2)).astype(np.float32)
    adata.obs["group"] = np.array(["a", "b", "c"])[np.arange(len(values)) % 3]
    adata.obs["group"] = adata.obs["group"].astype("category")
    return adata


def write(path: Path, values: np.ndarray, layout: str) -> Path:
    """A file of it; ``tall`` is dense, a gene in each chunk."""
    adata = as_anndata(values, layout)
    if path.suffix == ".zarr":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of settings that are about to change
            adata.write_zarr(path)
        return path
    adata.write_h5ad(path)
    if layout == "tall":
        with h5py.File(path, "r+") as file:
            attributes = dict(file["X"].attrs)
            del file["X"]
            file.create_dataset("X", data=values, chunks=(len(values), 1)).attrs.update(attributes)
    return path


def exported(source: Any, out: Path, **options: Any) -> np.ndarray:
    """The values of an AnnData export, dense."""
    options = {"workers": 2, "group_by": "none", **options}
    karospace_stream.export(source, out, format="anndata", progress=False, **options)
    return values_of(out)


def values_of(store: Path) -> np.ndarray:
    """X of a store, dense."""
    x = anndata.read_zarr(store).X
    return x.toarray() if sparse.issparse(x) else np.asarray(x)
