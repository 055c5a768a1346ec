"""Three sets of options. What depends on names in an input is chosen for each input."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from karospace_stream.formats.options import declared_options, make_options

FORMATS = ("karospace", "cellucid", "anndata")
SETS = ("defaults", "compact", "special")

# Each format is given those of them that have an effect there.
_COMPACT: dict[str, Any] = {
    "genes": "top_mean:25",
    "anno": "all",
    "graph": "none",
    "vectors": "none",
    "preview": False,
    "compression": 7,
    "max_asset_mb": 0.01,
    "name": "Compact: a “name”",
    "dataset_id": "compact-id",
    "var_quantization": 8,
    "obs_quantization": 8,
    "categorical_dtype": "uint16",
    "description": "One sentence.",
    "source_name": "Somebody",
    "source_url": "https://example.org/data",
    "source_citation": "Somebody (2020)",
    "zarr_format": 3,
    "shard": True,
    "uns": "all",
}
_SPECIAL: dict[str, Any] = {
    "var_quantization": 16,
    "obs_quantization": 16,
    "categorical_dtype": "uint8",
    "compression": 3,
    "centroid_min_points": 3,
    "centroid_outlier_quantile": 0.8,
    "zarr_format": 3,
}
_OWN: dict[tuple[str, str], dict[str, Any]] = {
    ("anndata_v050_pbmc68k.h5ad", "compact"): {
        "coords": "obsm:X_pca",
        "downsample": 333,
        "latent": "X_umap",
        "leave_out": ["obs:phase", "uns:neighbors"],
    },
    ("anndata_v050_pbmc68k.h5ad", "special"): {
        "raw": True,
        "genes": "hvgs:20",
        "graph": "distances",
        "points": ["X_pca=3", "X_umap"],
        "uns": ["louvain_colors"],
    },
    ("cellrank50_velocity_umap.h5ad", "compact"): {
        "layer": "velocity",
        "coords": "obsm:X_diffmap",
        "genes": "hvgs:9",
        "vectors": ["velocity_umap"],
        "zarr_format": 2,
        "shard": False,
    },
    ("cellrank50_velocity_umap.h5ad", "special"): {
        "layer": "spliced",
        "genes": "top_mean:15",
        "graph": "distances",
        "gene_names": "symbol",
        "points": ["X_umap", "X_pca=3", "X_diffmap=1"],
        "latent": "X_pca",
        "uns": ["clusters_colors"],
        "vectors": ["velocity_umap"],
        "anno": ["age(days)", "latent_time", "clusters"],
        "zip": True,
    },
    ("cellrank_adata_50.h5ad", "compact"): {
        "layer": "Ms",
        "graph": "connectivity_variances",
        "coords": "obs:initial_size,n_counts",
    },
    ("cellrank_adata_50.h5ad", "special"): {
        "raw": True,
        "graph": "velocity_graph",
        "gzip": False,
        "centroid_outlier_quantile": None,
    },
    ("mti_imc_sn.h5ad", "compact"): {"coords": "obsm:spatial", "downsample": 1_000, "raw": True},
    ("mti_imc_sn.h5ad", "special"): {"genes": "none", "graph": "spatial_distances"},
    ("scp_dup_feature.h5ad", "compact"): {},
    ("scp_dup_feature.h5ad", "special"): {"genes": "none"},
    ("scp_indexed_by_gene_id.h5ad", "compact"): {
        "coords": "obs:nCount_RNA,nFeature_RNA",
        "gene_names": "feature_name",
    },
    ("scp_indexed_by_gene_id.h5ad", "special"): {
        "coords": "obs:percent_mt,pANN",
        "gene_names": "gene_symbols",
        "genes": "top_mean:15",
        "anno": ["cell_type", "is_primary_data", "subclass_label"],
        "leave_out": ["uns", "obs:age"],
    },
    ("soma_pbmc_small.h5ad", "compact"): {"coords": "obsm:X_pca", "genes": "all", "graph": "distances"},
    ("soma_pbmc_small.h5ad", "special"): {
        "raw": True,
        "genes": "top_mean:40",
        "points": "X_tsne",
        "anno": ["groups", "nCount_RNA"],
    },
    ("soma_visium.h5ad", "compact"): {"coords": "obs:array_col,array_row", "image": False},
    ("soma_visium.h5ad", "special"): {
        "image": "tissue.png",
        "image_placement": (0.1, 0.2, 3.0, -4.0),
        "genes": "list:genes.txt",
        "zarr_format": 2,
        "anno": ["array_row"],
    },
    ("squidpy_visium_test_data.h5ad", "compact"): {"coords": "obsm:X_umap", "genes": "hvgs:30"},
    ("squidpy_visium_test_data.h5ad", "special"): {
        "genes": ["mt-Nd6", "Sulf1", "St18"],
        "graph": "distances",
        "gene_names": "gene_ids",
        "leave_out": ["obsm:X_pca", "uns:leiden", "var:means"],
        "zip": True,
        "zarr_format": 2,
    },
    ("csr.h5ad", "compact"): {"downsample": 1_234, "latent": "X_pca", "vectors": ["velocity_umap_3d"]},
    ("csr.h5ad", "special"): {
        "genes": "hvgs:30",
        "points": ["X_umap_3d", "X_umap"],
        "graph": "connectivities",
        "shard": True,
        "zip": True,
        "coords": "obsm:X_umap_3d",
    },
    ("csc.h5ad", "compact"): {"genes": "hvgs:30", "compression": 9},
    ("csc.h5ad", "special"): {"genes": "top_mean:20", "gzip": False, "zarr_format": 2, "latent": "spatial"},
    ("dense.zarr", "compact"): {"graph": "auto", "coords": "obsm:X_pca"},
    ("dense.zarr", "special"): {
        "genes": "hvgs:20",
        "anno": ["leiden", "age", "pseudotime"],
        "max_asset_mb": 0.004,
        "categorical_dtype": "auto",
        "obs_quantization": None,
    },
    ("tall.zarr", "compact"): {"genes": "top_mean:6", "graph": "auto", "max_asset_mb": 0.2},
    ("tall.zarr", "special"): {
        "genes": "hvgs:4",
        "shard": True,
        "anno": ["sample", "n_counts"],
        "compression": 1,
        "downsample": 66_000,
    },
}
#: Options that had fewer formats when the record was made.
_OF_FORMATS = dict.fromkeys(("description", "source_name", "source_url", "source_citation"), FORMATS[1:])
_BASE = {"defaults": {}, "compact": _COMPACT, "special": _SPECIAL}


def options_of(name: str, option_set: str, format: str) -> dict[str, Any]:
    """Keywords of ``export``; ``zip`` says that an AnnData store goes into a ``.zarr.zip``."""
    given = {**_BASE[option_set], **_OWN.get((name, option_set), {})}
    zipped = {"zip": True} if given.pop("zip", False) else {}
    declared = {each.name: each for each in declared_options()}
    given = {
        k: v for k, v in given.items() if format in (_OF_FORMATS.get(k) or declared[k].formats or FORMATS)
    }
    options = make_options({**given, "format": format})
    moot = {k for k in given if (why := declared[k].moot) is not None and why(options)}
    return {k: v for k, v in given.items() if k not in moot} | zipped


def write_side_files(folder: Path) -> None:
    """Files that the options name: a list of genes and an image, by names relative to ``folder``."""
    (folder / "genes.txt").write_text("Sox17\nXkr4\n\n Mrpl15 \nLypla1\n", encoding="utf-8")
    (folder / "tissue.png").write_bytes(_png(48, 32))


def _png(width: int, height: int) -> bytes:
    """An image of two gradients; stored, so that no version of zlib has a say in its bytes."""
    rows = b"".join(b"\0" + bytes(c for x in range(width) for c in (5 * x, 7 * y, 90)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
