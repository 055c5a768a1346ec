"""Run by scanpy's interpreter: read markers of a store as scanpy does, and compare them with its own."""

from __future__ import annotations

import json
import sys

import anndata
import matplotlib as mpl
import numpy as np
import scanpy as sc

KEYS = ["group", "names"]
NUMBERS = ["scores", "logfoldchanges", "pvals", "pvals_adj", "pct_nz_group", "pct_nz_reference"]


def main(store: str, key: str) -> None:
    mpl.use("agg")
    data = anndata.read_zarr(store)
    told = data.uns[key]["params"]
    sc.tl.rank_genes_groups(
        data, told["groupby"], method=told["method"], reference=told["reference"], pts=True, key_added="own"
    )
    own = sc.get.rank_genes_groups_df(data, None, key="own")
    stored = sc.get.rank_genes_groups_df(data, None, key=key)
    both = own.merge(stored, on=KEYS, suffixes=("_own", "_stored"))
    worst = {}
    for name in NUMBERS:
        if name in own and name in stored:
            difference = np.abs(both[f"{name}_own"] - both[f"{name}_stored"])
            worst[name] = float((difference / np.maximum(np.abs(both[f"{name}_own"]), 1e-3)).max())
    plots = sc.pl.rank_genes_groups_dotplot(data, key=key, n_genes=3, dendrogram=False, show=False)
    found = {
        "n_rows": [len(own), len(stored), len(both)],
        "columns": [sorted(own), sorted(stored)],
        "types": [
            [data.uns[each][name].dtype.descr for each in ("own", key)]
            for name in ("names", "scores", "pvals", "pvals_adj", "logfoldchanges")
        ],
        "params": [data.uns["own"]["params"], told],
        "worst": worst,
        "plots": sorted(plots),
    }
    print(json.dumps(found))


main(*sys.argv[1:])
