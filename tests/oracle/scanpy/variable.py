"""Runs in the environment of Scanpy: the variable genes of every case, by Scanpy and by this package.

Both run here, since the fit of ``seurat_v3`` needs scikit-misc, which Scanpy's environment has.
"""

from __future__ import annotations

import json
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import scanpy  # type: ignore[import-not-found]

import karospace_stream
from karospace_stream.errors import KaroSpaceError
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.plan.planning import resolve_genes
from karospace_stream.runtime.events import ignore

#: Columns that scanpy does not write into var.
_INNER = ("mean_bin", "gene_name")


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # of logarithms, old files, and values that are no counts
    for case in json.loads((folder / "cases.json").read_text()):
        arrays = theirs(case)
        np.savez(folder / f"{case['name']}.npz", **arrays, **ours(case))


def theirs(case: dict[str, Any]) -> dict[str, Any]:
    adata = anndata.read_h5ad(case["source"])
    adata = adata.raw.to_adata() if case["raw"] else adata
    if case["batch"] is not None:
        column = adata.obs[case["batch"]].astype("category")
        sizes = column.value_counts()
        adata = adata[column.isin(sizes.index[sizes > 1])].copy()  # the others have no variance
        adata.obs[case["batch"]] = column[adata.obs_names].cat.remove_unused_categories()
    keywords = {"batch_key": case["batch"], "n_top_genes": case["n"], "flavor": case["flavor"]}
    try:
        found = scanpy.pp.highly_variable_genes(adata, inplace=False, **keywords)
    except ValueError as error:
        return {"their_error": np.asarray(str(error))}
    names = ("highly_variable", "highly_variable_nbatches", "dispersions_norm")
    columns = {name: found[name].to_numpy() for name in names if name in found}
    columns |= {f"theirs/{name}": found[name].to_numpy() for name in found if name not in _INNER}
    if case["flavor"] == "seurat_v3":
        columns["variances"] = np.stack([variances(each) for each in batches(adata, case["batch"])])
    return columns


def batches(adata: Any, column: str | None) -> list[Any]:
    if column is None:
        return [adata]
    return [adata[adata.obs[column] == name].copy() for name in adata.obs[column].cat.categories]


def variances(adata: Any) -> Any:
    """Of one batch, before they are ranked: ranks of equal ones depend on the processor."""
    found = scanpy.pp.highly_variable_genes(adata, n_top_genes=5, flavor="seurat_v3", inplace=False)
    return found["variances_norm"].to_numpy()


def ours(case: dict[str, Any]) -> dict[str, Any]:
    keywords = {"hvg_batch": case["batch"]} if case["batch"] else {}
    if case["coords"]:
        keywords["coords"] = case["coords"]
    try:
        plan = karospace_stream.plan_export(
            case["source"],
            genes=f"hvgs:{case['n']}",
            raw=case["raw"],
            hvg_flavor=case["flavor"],
            gene_names="index",
            memory="2GB",
            **keywords,
        )
        resolved = resolve_genes(plan, partial(count_genes, listener=ignore))
    except KaroSpaceError as error:
        return {"our_error": np.asarray(str(error))}
    columns = resolved.selection.variable.columns
    return {"order": resolved.selection.genes, **{f"ours/{name}": columns[name] for name in columns}}


if __name__ == "__main__":
    main()
