"""Runs in the environment of Scanpy: the sums of every case."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import anndata
import numpy as np
import scanpy  # type: ignore[import-not-found]


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # of old files
    for case in json.loads((folder / "cases.json").read_text()):
        adata = anndata.read_h5ad(case["source"])
        adata = adata.raw.to_adata() if case["raw"] else adata
        adata = adata[adata.obs[case["by"]].notna().all(axis=1)].copy()  # it sums them with other groups
        found = scanpy.get.aggregate(adata, by=case["by"], func="sum", layer=case["layer"])
        obs = {f"obs/{name}": found.obs[name].to_numpy().astype(str) for name in case["by"]}
        names = found.obs_names.to_numpy().astype(str)
        np.savez(folder / f"{case['name']}.npz", sums=found.layers["sum"], names=names, **obs)


if __name__ == "__main__":
    main()
