"""The small AnnData that is damaged: some of everything that an export reads."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse

N_CELLS, N_GENES = 40, 12


def sample(rng: np.random.Generator) -> ad.AnnData:
    """Forty cells, a dozen genes: CSR, a dense layer, columns of all kinds, embeddings, a graph."""
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical(rng.choice(["a", "b", "c"], N_CELLS)),
            "score": rng.random(N_CELLS),
            "sample": rng.choice(["left", "right"], N_CELLS).astype(object),
            "good": rng.random(N_CELLS) > 0.5,
            "count": pd.array(rng.integers(0, 9, N_CELLS), dtype="Int64"),
        },
        index=[f"cell{number}" for number in range(N_CELLS)],
    )
    var = pd.DataFrame({"mean": rng.random(N_GENES)}, index=[f"gene{number}" for number in range(N_GENES)])
    matrix = sparse.random(N_CELLS, N_GENES, 0.3, "csr", dtype="f4", rng=rng)
    near = sparse.random(N_CELLS, N_CELLS, 0.1, "lil", dtype="f4", rng=rng)
    near.setdiag(0)
    return ad.AnnData(
        matrix,
        obs,
        var,
        uns={"kind_colors": np.array(["#ff0000", "#00ff00", "#0000ff"], object)},
        obsm={
            "X_umap": rng.random((N_CELLS, 2)).astype("f4"),
            "X_pca": rng.random((N_CELLS, 5)).astype("f4"),
        },
        layers={"dense": matrix.toarray()},
        obsp={"connectivities": sparse.csr_matrix(near + near.T)},
    )


def write_quietly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call anndata, whose warnings are not what is tested."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)
