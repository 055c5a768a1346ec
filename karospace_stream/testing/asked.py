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
        raise BadOptionError(f"the name must end in .h5ad or .zarr, got {path.name!r}")
    if min(n_cells, n_genes, chunk_values) < 1:
        raise BadOptionError(
            f"cells, genes and values a chunk must be at least 1, got {n_cells}, {n_genes} and {chunk_values}"
        )
    if layout not in {"csr", "csc", "dense"}:
        raise BadOptionError(f"the layout must be csr, csc or dense, got {layout!r}")
    if np.dtype(dtype).kind not in ("fiu" if counts else "f"):
        raise BadOptionError(
            f"log-normalised values must have a floating-point type, got {dtype}; or choose counts"
        )
    if compression not in ({"gzip", None} if path.suffix == ".zarr" else {"gzip", "lzf", None}):
        raise BadOptionError(f"{path.suffix} files cannot be compressed with {compression!r} here; use gzip")


def check_extras(n_neighbors: int, latent: int) -> None:
    """Raise BadOptionError for a graph or a latent space that cannot be."""
    if n_neighbors < 0 or latent < 1:
        raise BadOptionError(
            f"neighbours must be at least 0 and the latent space at least 1 wide, got {n_neighbors} and "
            f"{latent}"
        )
