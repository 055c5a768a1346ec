"""Runs ``prepare(format="zarr")`` of cellucid 0.9.5 as its users do: read the file, hand it over.

Runs in the peer's own environment and imports nothing of ours.
"""

from __future__ import annotations

import argparse

import anndata
from cellucid import prepare  # type: ignore[import-not-found]


def main() -> None:
    parser = argparse.ArgumentParser(description="Export with cellucid 0.9.5.")
    parser.add_argument("source")
    parser.add_argument("out", help="Ends in .zarr.")
    parser.add_argument("--anno", action="append", help="Ignored: every column is stored.")
    asked = parser.parse_args()
    prepare(
        asked.out,
        format="zarr",
        data=anndata.read_h5ad(asked.source),
        dataset_id="benchmark",
        dataset_name="benchmark",
        latent_key="X_pca",
    )


if __name__ == "__main__":
    main()
