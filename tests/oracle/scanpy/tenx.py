"""Read every 10x Genomics matrix of a folder with scanpy, and write what it read as ``.npz``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import scanpy
from scipy import sparse


def write(name: Path, adata: scanpy.AnnData) -> None:
    """One file with the values, the names and the columns."""
    matrix = sparse.csr_matrix(adata.X)
    matrix.sort_indices()
    np.savez(
        name,
        data=matrix.data,
        indices=matrix.indices,
        indptr=matrix.indptr,
        obs_names=adata.obs_names.to_numpy(str),
        var_names=adata.var_names.to_numpy(str),
        **{f"obs/{key}": adata.obs[key].to_numpy() for key in adata.obs},
        **{
            f"var/{key}": column.to_numpy(bool if column.dtype == bool else str)
            for key, column in adata.var.items()
        },
    )


folder = Path(sys.argv[1])
for path in sorted(folder.glob("*.h5")):
    for several in (True, False):
        adata = scanpy.read_10x_h5(path, gex_only=not several, genome="mm10" if "two" in path.stem else None)
        write(path.with_suffix(f".{'all' if several else 'genes'}.npz"), adata)
for path in sorted(each.parent for each in folder.glob("*/*matrix.mtx*")):
    prefix = next(path.glob("*matrix.mtx*")).name.partition("matrix.mtx")[0]
    for several in (True, False):
        adata = scanpy.read_10x_mtx(path, gex_only=not several, make_unique=False, prefix=prefix)
        write(folder / f"{path.name}.{'all' if several else 'genes'}.npz", adata)
