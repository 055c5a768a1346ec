"""Real files as arguments of ``prepare``. Imported in the peer's environment too."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import anndata

NAMES = [
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "cellrank_adata_50",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
    "squidpy_visium_test_data",
]
_POINTS = ("X_umap", "X_tsne", "spatial", "X_pca")


def arguments(path: Path, *, backed: bool) -> dict[str, Any]:
    """What a file offers: the peer loads it, ours leaves the matrix where it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old files
        adata = anndata.read_h5ad(path, backed="r" if backed else None)
        points = next(adata.obsm[key] for key in _POINTS if key in adata.obsm)[:, :2]
        return {
            "latent_space": adata.obsm.get("X_pca", points),
            "obs": adata.obs,
            "var": adata.var,
            "gene_expression": adata.X,
            "connectivities": adata.obsp.get("connectivities"),
            "X_umap_2d": points,
            "vector_fields": {"velocity_umap": adata.obsm.get("velocity_umap")},
            "compression": 1,
            "var_quantization": 8,
            "obs_continuous_quantization": 16,
        }
