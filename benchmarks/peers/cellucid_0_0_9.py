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
    asked = parser.parse_args()
    adata = anndata.read_h5ad(asked.source)
    prepare(
        latent_space=adata.obsm["X_pca"],
        obs=adata.obs,
        obs_keys=asked.anno,
        var=adata.var,
        gene_expression=adata.X,
        X_umap_2d=adata.obsm["X_umap"],
        out_dir=asked.out,
        compression=asked.compression,
        dataset_name="benchmark",
    )


if __name__ == "__main__":
    main()
