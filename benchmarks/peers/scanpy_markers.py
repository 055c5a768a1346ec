"""Runs ``scanpy.tl.rank_genes_groups`` as its users do: read the file, rank, keep the table.

Runs in the peer's own environment and imports nothing of ours.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import anndata
import scanpy  # type: ignore[import-not-found]


def main() -> None:
    parser = argparse.ArgumentParser(description="Rank genes with Scanpy.")
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--anno", action="append", help="Ignored.")
    parser.add_argument("--group-by")
    asked = parser.parse_args()
    adata = anndata.read_h5ad(asked.source)
    # As Scanpy itself stores them; numbers of two widths stop both peers.
    adata.X.indptr = adata.X.indptr.astype(adata.X.indices.dtype)
    scanpy.tl.rank_genes_groups(adata, asked.group_by, method="wilcoxon", pts=True, use_raw=False)
    Path(asked.out).mkdir()
    scanpy.get.rank_genes_groups_df(adata, None).to_csv(Path(asked.out) / "markers.csv")


if __name__ == "__main__":
    main()
