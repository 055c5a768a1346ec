"""Runs in the environment of Squidpy: Moran's I and Geary's C of every file."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import anndata  # noqa: E402
import numpy as np  # noqa: E402
import squidpy  # type: ignore[import-not-found]  # noqa: E402


def main() -> None:
    folder, key, *sources = sys.argv[1:]
    for source in sources:
        adata = anndata.read_h5ad(source)
        # In float32 its own p-values would be off by up to 4e-6.
        adata.X, adata.obsp[key] = adata.X.astype("f8"), adata.obsp[key].astype("f8")
        arrays = {}
        for mode, name in (("moran", "I"), ("geary", "C")):
            found = squidpy.gr.spatial_autocorr(
                adata, connectivity_key=key, mode=mode, genes=list(adata.var_names), n_perms=None, copy=True
            ).loc[adata.var_names]
            arrays[mode] = found[name].to_numpy()
            arrays[f"{mode}_p"] = found["pval_norm"].to_numpy()
        np.savez(Path(folder) / f"{Path(source).stem}.npz", **arrays)


if __name__ == "__main__":
    main()
