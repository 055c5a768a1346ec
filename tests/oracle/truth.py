"""What a bundle must hold, from the AnnData, by anndata, pandas and numpy alone."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
from anndata.utils import make_index_unique
from scipy import sparse

from karospace_stream.model.catalog import ColumnKind
from karospace_stream.select.obs_columns.choose import best_first
from karospace_stream.select.obs_columns.names import label_of
from karospace_stream.select.obs_columns.ranking import ColumnFacts, rank_columns


@dataclass
class Truth:
    """Everything in exported order.

    ``expression`` is float32 ``(n_cells, n_genes)``; ``embeddings`` maps ``obsm:KEY`` or
    ``obs:X,Y`` to float64 coordinates, the one of the base layer first; ``obs`` holds the
    exported columns with anndata's own types, and the cell names as index. ``vectors`` are the
    vector fields by key, float32; ``graph`` is the symmetric graph of the exported cells.
    ``varm`` are arrays by key, float32; ``markers`` are names of genes by group, best first, by key of uns.
    """

    obs: pd.DataFrame
    genes: np.ndarray
    labels: list[str]
    expression: np.ndarray
    embeddings: dict[str, np.ndarray]
    colors: dict[str, list[str]]
    vectors: dict[str, np.ndarray]
    graph: sparse.csr_matrix | None
    varm: dict[str, np.ndarray] = field(default_factory=dict)
    markers: dict[str, Any] = field(default_factory=dict)


def read(path: Path) -> anndata.AnnData:
    """An AnnData from .h5ad or .zarr, in memory, without anndata's remarks on old files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return anndata.read_zarr(path) if Path(path).suffix == ".zarr" else anndata.read_h5ad(path)


def truth_of(
    adata: anndata.AnnData,
    *,
    genes: str,
    coords: str,
    anno: list[str] | str | None = None,
    layer: str | None = None,
    raw: bool = False,
    downsample: int | None = None,
) -> Truth:
    """``coords`` is spelled as in ``coordinate_source``: what is automatic is the test's to know."""
    cells = chosen_cells(adata.n_obs, downsample)
    var = adata.raw.var if raw else adata.var
    matrix = adata.raw.X if raw else adata.layers[layer] if layer else adata.X
    values = dense_float32(matrix)[cells]
    chosen = chosen_genes(genes, var, values)
    names = [str(var.index[g]) or f"unnamed-{g}" for g in chosen]
    obs = adata.obs.apply(labelled)
    columns = default_columns(obs) if anno is None else all_columns(obs) if anno == "all" else anno
    return Truth(
        obs=adata.obs[columns].iloc[cells].apply(labelled),
        genes=chosen,
        labels=unique(names),
        expression=cleaned(values[:, chosen]),
        embeddings={source: xy[cells] for source, xy in embeddings(adata, coords).items()},
        colors={
            name: [str(color) for color in adata.uns[f"{name}_colors"]]
            for name in columns
            if f"{name}_colors" in adata.uns
        },
        vectors={key: values[cells] for key, values in vectors(adata).items()},
        graph=graph(adata, cells),
        # Rows of varm are those of var, and not of raw.
        varm={} if raw else {key: np.asarray(values)[chosen] for key, values in sorted(varm(adata).items())},
        markers={key: entry["names"] for key, entry in adata.uns.items() if is_ranking(entry)},
    )


def varm(adata: anndata.AnnData) -> dict[str, np.ndarray]:
    """Arrays of numbers."""
    return {key: values for key, values in adata.varm.items() if getattr(values, "ndim", 0) == 2}


def is_ranking(entry: object) -> bool:
    return isinstance(entry, dict) and {"params", "names", "scores"} <= set(entry)


def chosen_cells(n_cells: int, downsample: int | None) -> np.ndarray:
    if downsample is None or downsample >= n_cells:
        return np.arange(n_cells)
    return np.sort(np.random.default_rng(42).choice(n_cells, downsample, replace=False))


def dense_float32(matrix: object) -> np.ndarray:
    dense = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)
    with np.errstate(over="ignore"):
        return dense.astype(np.float32)


def cleaned(values: np.ndarray) -> np.ndarray:
    """NaN to 0, infinities to the finite range of their gene."""
    out = values.copy()
    for gene in range(out.shape[1]):
        column = out[:, gene]
        finite = column[np.isfinite(column)]
        low, high = (finite.min(), finite.max()) if len(finite) else (0, 0)
        out[:, gene] = np.nan_to_num(column, nan=0, posinf=high, neginf=low)
    return out


def by_mean(values: np.ndarray) -> np.ndarray:
    """Genes by falling mean, NaN as 0 and infinities left out; ties in var order."""
    finite = np.where(np.isfinite(values), values, 0).astype(np.float64)
    return np.argsort(-finite.mean(axis=0).astype(np.float32), kind="stable")


def chosen_genes(mode: str, var: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    kind, _, rest = mode.partition(":")
    if kind == "all":
        return np.arange(len(var))
    if kind == "list":
        lines = Path(rest).read_text(encoding="utf-8").splitlines()
        names = dict.fromkeys(line.strip() for line in lines if line.strip())
        return np.concatenate([np.flatnonzero(var.index == name) for name in names])
    order = by_mean(values)
    if kind == "top_mean" or "highly_variable" not in var:
        return order[: int(rest)]
    flagged = np.flatnonzero(var["highly_variable"].astype(bool))
    for column, sign in (("highly_variable_rank", 1), ("dispersions_norm", -1)):
        if column in var:
            keys = sign * var[column].to_numpy(dtype=float)[flagged]
            flagged = flagged[np.argsort(np.where(np.isnan(keys), np.inf, keys), kind="stable")]
            break
    filling = [g for g in order if g not in set(flagged)]
    return np.array([*flagged, *filling][: int(rest)], dtype=int)


def unique(names: list[str]) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(name) for name in make_index_unique(pd.Index(names, dtype=object))]


def labelled(column: pd.Series) -> pd.Series:
    """Whole numbers that are labels by their name and their number, as categories."""
    is_label = label_of(str(column.name)) and pd.api.types.is_integer_dtype(column.dtype)
    if not is_label or not 2 <= column.nunique() <= 100:
        return column
    in_order = [str(number) for number in sorted(column.dropna().unique())]
    return column.map(str, na_action="ignore").astype(pd.CategoricalDtype(in_order))


def default_columns(obs: pd.DataFrame) -> list[str]:
    """Those that the ranking takes, which has tests of its own, from what pandas knows of all values."""
    return [each.name for each in rank_columns(list(map(facts, obs.items()))) if each.taken]


def all_columns(obs: pd.DataFrame) -> list[str]:
    """The best label first, then the others as in the file."""
    return list(best_first(list(obs), list(map(facts, obs.items()))))


def facts(column: tuple[Any, pd.Series]) -> ColumnFacts:
    name, values = column
    kind: ColumnKind = "string"
    if isinstance(values.dtype, pd.CategoricalDtype):
        return ColumnFacts(name, "category", len(values.cat.categories), len(values))
    if pd.api.types.is_bool_dtype(values.dtype):
        kind = "bool"
    elif pd.api.types.is_numeric_dtype(values.dtype):
        is_label = label_of(name) is not None and not pd.api.types.is_float_dtype(values.dtype)
        return ColumnFacts(name, "integer" if is_label else "float", values.nunique(), len(values))
    lengths = values.dropna().map(str).map(len) if kind == "string" else pd.Series([0.0])
    return ColumnFacts(name, kind, values.nunique(), int(values.notna().sum()), lengths.mean())


def embeddings(adata: anndata.AnnData, first: str) -> dict[str, np.ndarray]:
    found = {first: _coordinates(adata, first)}
    for key, value in adata.obsm.items():
        if (key.startswith("X_") or key == "spatial") and value.ndim == 2 and value.shape[1] >= 2:
            found.setdefault(f"obsm:{key}", _coordinates(adata, f"obsm:{key}"))
    return found


def _coordinates(adata: anndata.AnnData, source: str) -> np.ndarray:
    kind, _, key = source.partition(":")
    if kind == "obs":
        pair = ["centroid_x", "centroid_y"] if key == "centroid_x_y" else key.split(",")
        return adata.obs[pair].to_numpy(dtype=np.float64)
    values = np.asarray(adata.obsm[key], dtype=np.float64)
    return values if values.shape[1] <= 3 else values[:, :2]


def vectors(adata: anndata.AnnData) -> dict[str, np.ndarray]:
    """Entries of obsm that are called after an embedding, and as wide as what is drawn of it."""
    found = {}
    for key, value in adata.obsm.items():
        stem = re.sub(r"_[123]d$", "", key)
        for other, points in adata.obsm.items():
            wide = 2 if np.shape(points)[1] > 3 else np.shape(points)[1]
            called = other.startswith("X_") and stem.endswith(f"_{other.removeprefix('X_')}")
            if called and not key.startswith("X_") and np.shape(value)[1] == wide:
                found[key] = np.asarray(value, dtype=np.float32)
    return found


def graph(adata: anndata.AnnData, cells: np.ndarray) -> sparse.csr_matrix | None:
    for key in ("connectivities", "spatial_connectivities"):
        if key in adata.obsp:
            weights = sparse.csr_matrix(adata.obsp[key])[cells][:, cells].astype(np.float64)
            weights.eliminate_zeros()
            both = (weights + weights.T).tocsr()
            both.eliminate_zeros()
            return both
    return None
