"""Files with markers in every layout that scanpy and anndata have written, made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd

GROUPS = ("a", "b/c", "Ü")
N_RANKS = 4
#: By group and rank; ``absent`` is no gene of the file.
NAMES = (("g0", "g1", "g2", "g3"), ("g3", "g2", "absent", "g0"), ("g5", "g4", "g1", "g2"))
SCORES = np.array([[4, 3, 2, 1], [8, 7, 6, 5], [1, 0.5, 0.25, -1]], np.float32)
FOLDS = np.array([[2, 1, np.nan, -1], [1, 1, 1, 1], [3, 2, 1, 0]], np.float32)
P_VALUES = np.array([[1e-300, 0.01, 0.5, 1], [0, 0.25, 0.5, 0.75], [1e-5, 1e-4, 1e-3, 1]])
PARAMETERS = {
    "groupby": "kind",
    "reference": "rest",
    "method": "wilcoxon",
    "use_raw": False,
    "layer": None,
    "corr_method": "benjamini-hochberg",
}
TABLES = {"scores": SCORES, "logfoldchanges": FOLDS, "pvals": P_VALUES, "pvals_adj": P_VALUES}


def cells(n_cells: int = 30, n_genes: int = 6) -> anndata.AnnData:
    """Cells of the three groups."""
    rng = np.random.default_rng(2)
    made = anndata.AnnData(rng.poisson(1.0, (n_cells, n_genes)).astype("f4"))
    made.obs["kind"] = pd.Categorical(rng.choice(GROUPS, n_cells), categories=GROUPS)
    made.obsm["X_umap"] = rng.random((n_cells, 2)).astype("f4")
    made.var_names = [f"g{number}" for number in range(n_genes)]
    return made


def records(values: Any, dtype: Any) -> Any:
    """A structured array with a field for each group."""
    made = np.zeros(N_RANKS, [(name, dtype) for name in GROUPS])
    for name, row in zip(GROUPS, values, strict=True):
        made[name] = row
    return made


def entry(names: Any = NAMES) -> dict[str, Any]:
    """What scanpy puts into uns today."""
    tables = {name: records(values, values.dtype) for name, values in TABLES.items()}
    return {"params": dict(PARAMETERS), "names": records(names, object), **tables}


def with_markers(path: Path, key: str = "rank_genes_groups", **more: Any) -> Path:
    """A file with markers as scanpy writes them."""
    made = cells()
    made.uns[key] = entry() | more
    made.write_h5ad(path)
    return path


def rewritten(path: Path, change: Any) -> Path:
    """A file whose entry was changed: ``change`` gets its group."""
    with_markers(path)
    with h5py.File(path, "r+") as file:
        change(file["uns/rank_genes_groups"])
    return path


def _replace(group: Any, name: str, values: Any, **about: Any) -> None:
    del group[name]
    group.create_dataset(name, data=values, **about)


def as_bytes(group: Any) -> None:
    """anndata before 0.7: fixed-length bytes, scores only, parameters as arrays of one value."""
    _replace(group, "names", records(np.array(NAMES, "S20"), "S20"))
    for name in ("logfoldchanges", "pvals", "pvals_adj", "params"):
        del group[name]
    for name, value in (("groupby", b"kind"), ("method", b"logreg"), ("reference", b"rest")):
        group.create_dataset(f"params/{name}", data=np.array([value]))
    group.create_dataset("params/use_raw", data=np.array([True]))


def as_tables(group: Any) -> None:
    """Plain tables of ranks x groups, whose groups have no names."""
    _replace(group, "names", np.array(NAMES, object).T, dtype=h5py.string_dtype())
    for name, values in TABLES.items():
        _replace(group, name, values.T)


def as_columns(group: Any) -> None:
    """An array for each group; names are a category."""
    del group["names"]
    for name, row in zip(GROUPS, NAMES, strict=True):
        where = group.create_group(f"names/{name.replace('/', '_')}")
        where.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
        known = sorted(set(row))
        where["codes"] = np.array([known.index(each) for each in row], np.int8)
        where.create_dataset("categories", data=known, dtype=h5py.string_dtype())
        where["categories"].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
    for name, values in TABLES.items():
        del group[name]
        for each, row in zip(GROUPS, values, strict=True):
            group[f"{name}/{each.replace('/', '_')}"] = row
