"""Odd inputs that can be joined, made from a seed."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy import sparse

NAMES = [f"G{number:02d}" for number in range(30)]
COLUMNS = {
    "type": lambda random, n: pd.Categorical(random.choice(list("BNT"), n)),
    "stage": lambda random, n: pd.Categorical(
        random.choice(["low", "high"], n), ["low", "mid", "high"], ordered=True
    ),
    "level": lambda random, n: pd.Categorical(random.integers(1, 4, n)),
    "holes": lambda random, n: pd.Categorical(random.choice(["x", None, "y"], n)),
    "count": lambda random, n: random.integers(0, 99, n).astype(random.choice(["i4", "i8", "u1"])),
    "share": lambda random, n: random.random(n).astype(random.choice(["f4", "f8"])),
    "either": lambda random, n: random.random(n) if random.random() < 0.5 else random.integers(0, 5, n),
    "flag": lambda random, n: random.random(n) < 0.5,
    "text": lambda random, n: np.array([f"t{number}" for number in range(n)], object),
    "words": lambda random, n: (
        pd.Categorical(random.choice(list("pq"), n))
        if random.random() < 0.5
        else np.array([f"w{number}" for number in range(n)], object)
    ),
    "whole": lambda random, n: pd.array(random.choice([1, 2, None], n), dtype="Int64"),
}


def odd_inputs(seed: int) -> dict[str, anndata.AnnData]:
    """Two to four inputs, which differ in genes, layouts, types, columns and further parts."""
    random = np.random.default_rng(seed)
    mixes = random.choice(["same", "mixed"])
    layout = str(random.choice(["csr", "csc", "dense"]))
    genes = list(random.permutation(NAMES)[:20])
    made = {}
    for number in range(random.integers(2, 5)):
        if mixes == "mixed":
            layout = str(random.choice(["csr", "csc", "dense"]))
        same = random.random() < 0.3
        some = list(random.permutation(genes))[: random.integers(12, 20)]
        own = genes if same else [*some, f"only{number}"]
        made[f"in{number}"] = _odd(random, int(random.integers(1, 40)), own, layout)
    return made


def _odd(random: Any, n: int, genes: list[str], layout: str) -> anndata.AnnData:
    shape, dtype = (n, len(genes)), str(random.choice(["f4", "f8", "i4", "u2"]))
    obs = pd.DataFrame(
        {name: make(random, n) for name, make in COLUMNS.items() if random.random() < 0.85},
        index=[f"c{number}" for number in range(n)],
    )
    var = pd.DataFrame(
        {"symbol": [gene.lower() for gene in genes], "length": np.array([len(gene) for gene in genes])},
        index=genes,
    )
    if random.random() < 0.5:
        var["mean"] = random.random(len(genes))
    adata = anndata.AnnData(_matrix(random, shape, dtype, layout), obs=obs, var=var)
    if random.random() < 0.5:
        adata.varm["PCs"] = np.array([[ord(gene[-1]), len(gene)] for gene in genes], float)
    adata.obsm["X_umap"] = random.normal(size=(n, 2)).astype("f4")
    if random.random() < 0.7:
        adata.obsm["X_pca"] = random.normal(size=(n, 3))
    if random.random() < 0.8:
        adata.layers["counts"] = _matrix(random, shape, "f4", layout)
    if random.random() < 0.8:
        adata.obsp["connectivities"] = sparse.random(n, n, 0.2, "csr", "f4", random_state=1)
    if random.random() < 0.8:
        adata.raw = anndata.AnnData(
            _matrix(random, (n, 25), "f4", layout), var=pd.DataFrame(index=NAMES[:25])
        )
    adata.uns["title"] = str(random.choice(["one", "two"]))
    adata.uns["numbers"] = np.arange(3)
    if random.random() < 0.5:
        adata.uns["other"] = random.random(2)
    return adata


def _matrix(random: Any, shape: tuple[int, int], dtype: str, layout: str) -> Any:
    values = random.integers(0, 50, shape) * (random.random(shape) < 0.4)
    if dtype.startswith("f"):
        values = values + (values > 0) * random.random(shape)
    values = values.astype(dtype)
    return values if layout == "dense" else sparse.csr_matrix(values).asformat(layout)
