"""Runs in the environment of Scanpy: the markers of every case, and the time and memory that they take."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import scanpy  # type: ignore[import-not-found]


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # logarithms of negative means
    for case in json.loads((folder / "cases.json").read_text()):
        adata = anndata.read_h5ad(case["source"])
        if case["raw"]:
            adata = adata.raw.to_adata()
        # It squares float32 in float32, so that its scores would be off by up to 2e-6.
        adata.X = adata.X.astype("f8")
        adata.obs[case["column"]] = adata.obs[case["column"]].astype("category")
        sizes = adata.obs[case["column"]].value_counts(sort=False)
        scanpy.tl.rank_genes_groups(
            adata,
            case["column"],
            groups=list(sizes.index[sizes > 1]),  # it refuses groups of one cell, and we leave them out
            method=case["test"],
            reference=case["reference"],
            tie_correct=case["tie_correct"],
            pts=True,
            use_raw=False,
        )
        found = adata.uns["rank_genes_groups"]
        groups = found["names"].dtype.names
        arrays = {"groups": np.asarray(groups)}
        for group in groups:
            order = adata.var_names.get_indexer(found["names"][group])
            for name in ("scores", "pvals", "pvals_adj", "logfoldchanges"):
                values = np.empty(len(order))
                values[order] = found[name][group]
                arrays[f"{name}/{group}"] = values
            inside = (adata.obs[case["column"]].astype(str) == group).to_numpy()
            reference = (adata.obs[case["column"]].astype(str) == case["reference"]).to_numpy()
            outside = ~inside if case["reference"] == "rest" else reference
            arrays[f"constant/{group}"] = is_constant(adata.X[inside]) | is_constant(adata.X[outside])
            arrays[f"pts/{group}"] = found["pts"][group].to_numpy()
        np.savez(folder / f"{case['name']}.npz", **arrays)


def is_constant(values: Any) -> Any:
    dense = values.toarray() if hasattr(values, "toarray") else np.asarray(values)
    return dense.min(axis=0) == dense.max(axis=0)


if __name__ == "__main__":
    main()
