"""The usual way: one gene at a time from an AnnData that is opened backed.

    python -m benchmarks.baseline INPUT OUT --genes FILE --of 500

Written from the description of the bundle, as an exporter that never holds the matrix would do it
with anndata alone. Each gene costs one pass over a cell-major matrix, so a few are timed, and the
time of all is that of one, times their number: what is printed says so.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

import anndata
import numpy as np
from scipy import sparse

_LEVEL = 6


def export_gene(adata: anndata.AnnData, number: int, path: Path) -> None:
    """Read one gene, make it dense float32, and write it as gzip."""
    column = adata.X[:, number]
    dense = column.toarray() if sparse.issparse(column) else np.asarray(column)
    values = np.nan_to_num(dense.ravel().astype(np.float32))
    path.write_bytes(gzip.compress(values.tobytes(), _LEVEL, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description="Export one gene at a time from backed AnnData.")
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--genes", type=Path, required=True, help="Names to time, one a line.")
    parser.add_argument("--of", type=int, required=True, help="Genes that the whole export has.")
    asked = parser.parse_args()
    names = asked.genes.read_text().split()
    asked.out.mkdir(parents=True)
    adata = anndata.read_h5ad(asked.source, backed="r")
    started = time.perf_counter()
    for position, name in enumerate(names):
        export_gene(adata, int(adata.var_names.get_loc(name)), asked.out / f"gene_{position:05d}.bin.gz")
    seconds = time.perf_counter() - started
    listed = {name: f"gene_{position:05d}.bin.gz" for position, name in enumerate(names)}
    (asked.out / "genes.json").write_text(json.dumps(listed))
    print(json.dumps({"timed_genes": len(names), "all_genes": asked.of, "genes_s": seconds}))


if __name__ == "__main__":
    main()
