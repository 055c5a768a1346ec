"""Runs in the environment of Scanpy: every file with every target, with and without logarithms."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import anndata
import numpy as np
import scanpy  # type: ignore[import-not-found]
from scipy import sparse


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # of cells without counts
    for case in json.loads((folder / "cases.json").read_text()):
        adata = anndata.read_h5ad(case["source"])
        target = case["normalize"]
        if target is not None:
            scanpy.pp.normalize_total(adata, target_sum=None if target == "median" else target)
        if case["log1p"]:
            scanpy.pp.log1p(adata)
        x = adata.X.toarray() if sparse.issparse(adata.X) else adata.X
        log = [json.dumps(adata.uns["log1p"])] if case["log1p"] else []
        np.savez(folder / f"{case['name']}.npz", x=x, log=np.array(log, str))


if __name__ == "__main__":
    main()
