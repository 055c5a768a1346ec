"""Runs in the environment of Squidpy: genes and groups of every file, with the keys that are given."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import anndata  # noqa: E402
import numpy as np  # noqa: E402
import squidpy  # type: ignore[import-not-found]  # noqa: E402

#: The distances of co-occurrence are ours, as which of two cells comes first there depends on the processor.
DISTANCES = "distances"


def main() -> None:
    folder, *sources = sys.argv[1:]
    for source in sources:
        adata = anndata.read_h5ad(source)
        key, column, seed = (str(adata.uns[name]) for name in ("key", "column", "seed"))
        # In float32 its own p-values would be off by up to 4e-6.
        adata.X, adata.obsp[key] = adata.X.astype("f8"), adata.obsp[key].astype("f8")
        arrays = {}
        for mode, name in (("moran", "I"), ("geary", "C")):
            found = squidpy.gr.spatial_autocorr(
                adata, connectivity_key=key, mode=mode, genes=list(adata.var_names), n_perms=None, copy=True
            ).loc[adata.var_names]
            arrays[mode] = found[name].to_numpy()
            arrays[f"{mode}_p"] = found["pval_norm"].to_numpy()
            arrays[f"{mode}_adjusted"] = found["pval_norm_fdr_bh"].to_numpy()
            arrays[f"{mode}_variance"] = found["var_norm"].to_numpy()
        adata.obsp["given_connectivities"] = adata.obsp[key]  # whose end the function adds itself
        whole, adata = adata, adata[adata.obs[column].notna()].copy()
        enriched = squidpy.gr.nhood_enrichment(
            adata, column, connectivity_key="given", n_perms=200, seed=int(seed), n_jobs=1, copy=True,
            show_progress_bar=False,
        )  # fmt: skip
        arrays["zscore"], arrays["count"] = enriched.zscore, enriched.counts
        # Those without cells are gone.
        arrays["categories"] = adata.obs[column].cat.categories.to_numpy().astype(str)
        if DISTANCES in whole.uns:
            adata = adata[np.isfinite(adata.obsm["spatial"]).all(axis=1)].copy()
            occ, _ = squidpy.gr.co_occurrence(adata, column, interval=whole.uns[DISTANCES], copy=True)
            _, chosen = squidpy.gr.co_occurrence(adata, column, copy=True)
            arrays["occ"], arrays["interval"] = occ, chosen
        np.savez(Path(folder) / f"{Path(source).stem}.npz", **arrays)


if __name__ == "__main__":
    main()
