"""The inputs: real files, and synthetic ones that are made anew from their recipe."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from karospace_stream.testing.synth import write_synthetic

DATA = Path(__file__).parents[3] / "shared" / "data"

REAL = (
    "anndata_v050_pbmc68k.h5ad",
    "cellrank50_velocity_umap.h5ad",
    "cellrank_adata_50.h5ad",
    "localsc_pbmc3k_processed.h5ad",  # truncated: refused
    "mti_imc_sn.h5ad",
    "muon_rna_atac.h5ad",  # a MuData without coordinates: refused
    "scp_dup_feature.h5ad",
    "scp_indexed_by_gene_id.h5ad",
    "soma_pbmc_small.h5ad",
    "soma_visium.h5ad",
    "squidpy_visium_test_data.h5ad",
)

SYNTHETIC: dict[str, dict[str, Any]] = {
    "csr.h5ad": {"n_cells": 3_000, "n_genes": 120, "n_neighbors": 6, "latent": 8, "vectors": True},
    "csc.h5ad": {
        "n_cells": 2_500,
        "n_genes": 100,
        "layout": "csc",
        "dtype": "int32",
        "counts": True,
        "compression": "lzf",
        "seed": 1,
    },
    "dense.zarr": {
        "n_cells": 2_000,
        "n_genes": 80,
        "layout": "dense",
        "dtype": "float64",
        "compression": None,  # gzip of a Zarr chunk holds the time
        "n_neighbors": 5,
        "vectors": True,
        "seed": 2,
    },
    # More cells than the 65,536 of a block of rows or a tile, and several chunks of values.
    "tall.zarr": {
        "n_cells": 70_000,
        "n_genes": 12,
        "density": 0.5,
        "compression": None,
        "n_neighbors": 3,
        "latent": 4,
        "seed": 3,
    },
}

INPUTS = (*REAL, *SYNTHETIC)


def path_of(name: str, folder: Path) -> Path:
    """Path of an input; a synthetic one is written into ``folder`` where it is not there yet."""
    if name in REAL:
        return DATA / name
    path = folder / name
    if not path.exists():
        write_synthetic(path, **SYNTHETIC[name])
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, or of the names and SHA-256 of all files of a folder."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    parts = (f"{sha256_of(p)}  {p.relative_to(path).as_posix()}\n" for p in path.rglob("*") if p.is_file())
    return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()
