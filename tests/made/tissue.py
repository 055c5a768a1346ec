"""A tissue in several sections, whose cells are in any order."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

#: In natural order, which is not that of their text.
NAMES = ("s1", "s2", "s9", "s10")
N_CELLS, N_GENES = 700, 12


def make_tissue(how: str, layout: str = "csr", *, missing: bool = False, seed: int = 0) -> anndata.AnnData:
    """An AnnData with several sections.

    Parameters
    ----------
    how
        ``mixed``, ``runs`` (one after another, in another order), or ``sorted``.
    layout
        Of the matrices: ``csr``, ``csc`` or ``dense``.
    missing
        Whether some cells have no section.
    """
    rng = np.random.default_rng(seed)
    codes = rng.integers(-1 if missing else 0, len(NAMES), N_CELLS)
    if how == "sorted":
        codes = np.sort(codes)
        codes = np.concatenate([codes[codes >= 0], codes[codes < 0]])
    elif how == "runs":
        codes = np.concatenate([np.flatnonzero(codes == code) * 0 + code for code in (2, 0, -1, 3, 1)])
    x = sparse.random(N_CELLS, N_GENES, 0.3, "csr", np.float32, rng)
    graph = sparse.random(N_CELLS, N_CELLS, 0.01, "csr", np.float32, rng)
    graph = (graph + graph.T).tocsr()
    obs = pd.DataFrame(
        {
            "section": pd.Categorical.from_codes(codes, NAMES),
            "kind": pd.Categorical(rng.choice(["B", "T", "NK"], N_CELLS)),
            "donor": pd.Categorical.from_codes(codes % 2, ["d1", "d2"]),
            "old": codes > 1,
            "age": np.array([0.5, 1.5, 2.5, 3.5, np.nan])[codes],
            "score": rng.random(N_CELLS),
            "place": [f"place {number % 300}" for number in range(N_CELLS)],
            "count": pd.array(rng.integers(0, 9, N_CELLS), "Int64"),
        },
        index=[f"cell-{number}" for number in rng.permutation(N_CELLS)],
    )
    obs.loc[obs.index[::50], "count"] = pd.NA
    points = rng.random((N_CELLS, 2)) * [100, 50]
    points[7] = np.nan
    made = anndata.AnnData(
        _as(x, layout),
        obs,
        pd.DataFrame(index=[f"g{number}" for number in range(N_GENES)]),
        obsm={
            "spatial": points,
            "X_umap": rng.random((N_CELLS, 2)).astype(np.float32),
            "table": pd.DataFrame({"a": rng.random(N_CELLS)}, index=obs.index),
        },
        obsp={"connectivities": _as(graph, layout)},
        layers={"other": _as(x * 2, layout)},
    )
    made.raw = made[:, :5]
    return made


def sorted_rows(adata: anndata.AnnData, column: str = "section") -> Any:
    """The rows in the order of the sections: what anndata sorts by."""
    codes = adata.obs[column].cat.codes.to_numpy().astype(int)
    codes[codes < 0] = len(NAMES)
    return np.argsort(codes, kind="stable")


def _as(matrix: Any, layout: str) -> Any:
    return matrix.toarray() if layout == "dense" else matrix.asformat(layout)
