"""Runs ``prepare`` of cellucid 0.0.9 as its users do: read the file, hand over its parts.

Runs in the peer's own environment and imports nothing of ours.
"""

from __future__ import annotations

import argparse

import anndata
from cellucid import prepare  # type: ignore[import-not-found]


def main() -> None:
    parser = argparse.ArgumentParser(description="Export with cellucid 0.0.9.")
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--anno", action="append", help="Columns of obs.")
    parser.add_argument("--compression", type=int, default=6)
    parser.add_argument("--var-quantization", type=int, help="8 or 16 bits for a gene; else float32.")
    parser.add_argument("--obs-quantization", type=int, help="8 or 16 bits for numbers of obs; else float32.")
    parser.add_argument("--connectivities", action="store_true", help="With the neighbour graph.")
    asked = parser.parse_args()
    adata = anndata.read_h5ad(asked.source)
    prepare(
        latent_space=adata.obsm["X_pca"],
        obs=adata.obs,
        obs_keys=asked.anno,
        var=adata.var,
        gene_expression=adata.X,
        connectivities=adata.obsp["connectivities"] if asked.connectivities else None,
        X_umap_2d=adata.obsm["X_umap"],
        out_dir=asked.out,
        compression=asked.compression,
        var_quantization=asked.var_quantization,
        obs_continuous_quantization=asked.obs_quantization,
        dataset_name="benchmark",
    )


if __name__ == "__main__":
    main()
