"""Check whether a requested synthetic data set can be written."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from karospace_stream.errors import BadOptionError


def check_storage(
    path: Path,
    n_cells: int,
    n_genes: int,
    dtype: str,
    counts: bool,
    layout: str,
    compression: str | None,
    chunk_values: int,
) -> None:
    """Raise BadOptionError for a file or a matrix that cannot be written."""
    if path.suffix not in {".h5ad", ".zarr"}:
        raise BadOptionError(f"a name that ends in .h5ad or .zarr was wanted, got {path.name!r}")
    if min(n_cells, n_genes, chunk_values) < 1:
        raise BadOptionError(
            f"at least one cell, one gene and one value a chunk were wanted, "
            f"got {n_cells}, {n_genes} and {chunk_values}"
        )
    if layout not in {"csr", "csc", "dense"}:
        raise BadOptionError(f"the layout csr, csc or dense was wanted, got {layout!r}")
    if np.dtype(dtype).kind not in ("fiu" if counts else "f"):
        raise BadOptionError(
            f"log-normalised values need a floating-point type, got {dtype}; or ask for counts"
        )
    if compression not in ({"gzip", None} if path.suffix == ".zarr" else {"gzip", "lzf", None}):
        raise BadOptionError(f"{path.suffix} files cannot be compressed with {compression!r} here; use gzip")


def check_extras(n_neighbors: int, latent: int) -> None:
    """Raise BadOptionError for a graph or a latent space that cannot be."""
    if n_neighbors < 0 or latent < 1:
        raise BadOptionError(
            f"no negative number of neighbours and a latent space of at least one column were wanted, "
            f"got {n_neighbors} and {latent}"
        )
