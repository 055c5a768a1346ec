"""Folders as Space Ranger and Xenium Onboard Analysis write them, small, with known values."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy import sparse

POSITION_COLUMNS = [
    "barcode", "in_tissue", "array_row", "array_col", "pxl_row_in_fullres", "pxl_col_in_fullres",
]  # fmt: skip
SCALES = {
    "spot_diameter_fullres": 8.5,
    "tissue_hires_scalef": 0.25,
    "fiducial_diameter_fullres": 14.0,
    "tissue_lowres_scalef": 0.075,
}


@dataclass(frozen=True)
class Made:
    """A folder, and what is in it."""

    path: Path
    matrix: sparse.csr_matrix
    barcodes: list[str]
    genes: list[str]
    table: pd.DataFrame


def counts(n_cells: int, n_genes: int, seed: int = 0) -> sparse.csr_matrix:
    """Small whole numbers, some rows empty."""
    rng = np.random.default_rng(seed)
    values = rng.poisson(rng.random(n_genes) * 2, (n_cells, n_genes)).astype(np.int32)
    values[:: max(2, n_cells // 3)] = 0
    return sparse.csr_matrix(values)


def write_tenx_h5(
    path: Path,
    matrix: sparse.csr_matrix,
    barcodes: Sequence[str],
    genes: Sequence[str],
    *,
    library: str = "sample1",
    types: Sequence[str] | None = None,
    **attrs: Any,
) -> None:
    """A feature-barcode matrix of version 3 and later."""

    def text(values: Sequence[str]) -> npt.NDArray[np.bytes_]:
        return np.array([value.encode() for value in values], "S")

    with h5py.File(path, "w") as root:
        root.attrs["chemistry_description"] = "Visium V1 Slide - v1"
        root.attrs["filetype"] = "matrix"
        root.attrs["library_ids"] = text([library])
        root.attrs["software_version"] = "spaceranger-2.1.0"
        root.attrs["version"] = 2
        for name, value in attrs.items():
            root.attrs[name] = value
        group = root.create_group("matrix")
        more = {"compression": "gzip", "shuffle": True, "chunks": True}
        group.create_dataset("barcodes", data=text(barcodes), **more)
        group.create_dataset("data", data=matrix.data.astype(np.int32), **more)
        group.create_dataset("indices", data=matrix.indices.astype(np.int64), **more)
        group.create_dataset("indptr", data=matrix.indptr.astype(np.int64), **more)
        group.create_dataset("shape", data=np.array(matrix.shape[::-1], np.int32))
        features = group.create_group("features")
        features.create_dataset("_all_tag_keys", data=text(["genome"]))
        features.create_dataset("feature_type", data=text(types or ["Gene Expression"] * len(genes)))
        features.create_dataset("genome", data=text(["GRCh38"] * len(genes)))
        features.create_dataset("id", data=text([f"ENSG{at:011d}" for at in range(len(genes))]))
        features.create_dataset("name", data=text(list(genes)))


def write_mtx(folder: Path, made: Made) -> None:
    """The same matrix as text."""
    folder.mkdir()
    entries = made.matrix.T.tocoo()
    lines = [f"{a + 1} {b + 1} {v}" for a, b, v in zip(entries.row, entries.col, entries.data, strict=True)]
    head = [
        "%%MatrixMarket matrix coordinate integer general",
        f"{entries.shape[0]} {entries.shape[1]} {entries.nnz}",
    ]
    features = [f"ENSG{at:011d}\t{name}\tGene Expression" for at, name in enumerate(made.genes)]
    for name, rows in (
        ("matrix.mtx", head + lines),
        ("features.tsv", features),
        ("barcodes.tsv", made.barcodes),
    ):
        (folder / f"{name}.gz").write_bytes(gzip.compress(("\n".join(rows) + "\n").encode()))


def picture(path: Path, height: int, width: int, seed: int = 3, mode: str = "RGB") -> npt.NDArray[np.uint8]:
    """An image with values of all sizes."""
    channels = len(mode)
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    pixels = pixels[:, :, 0] if channels == 1 else pixels
    Image.fromarray(pixels, mode).save(path)
    return pixels


def spot_barcodes(n: int) -> list[str]:
    """Sixteen letters and a number, as 10x writes them; all are different."""
    letters = np.array(list("ACGT"))
    codes = [(at * 2654435761) % 4**16 for at in range(1, n + 1)]
    return ["".join(letters[(code >> np.arange(0, 32, 2)) & 3]) + "-1" for code in codes]


def write_visium(
    outs: Path,
    *,
    n_spots: int = 60,
    n_genes: int = 12,
    has_header: bool = True,
    positions: str = "tissue_positions.csv",
    library: str = "sample1",
    analysis: bool = False,
) -> Made:
    """An ``outs`` folder of Visium: two of three spots are in the tissue, in another order than the table."""
    (outs / "spatial").mkdir(parents=True)
    rng = np.random.default_rng(7)
    every = pd.DataFrame(
        {
            "barcode": spot_barcodes(n_spots),
            "in_tissue": (np.arange(n_spots) % 3 > 0).astype(np.int64),
            "array_row": np.arange(n_spots) // 8,
            "array_col": np.arange(n_spots) % 8 * 2,
            "pxl_row_in_fullres": rng.permutation(n_spots) * 11 + 20,
            "pxl_col_in_fullres": rng.permutation(n_spots) * 7 + 30,
        }
    )
    used = every[every["in_tissue"] == 1].sort_values("barcode")
    matrix, genes = counts(len(used), n_genes), [f"Gene{at}" for at in range(n_genes)]
    barcodes = used["barcode"].to_list()
    write_tenx_h5(outs / "filtered_feature_bc_matrix.h5", matrix, barcodes, genes, library=library)
    target = outs / "spatial" / positions
    if target.suffix == ".parquet":
        every.to_parquet(target, index=False)
    else:
        every.to_csv(target, index=False, header=has_header)
    (outs / "spatial" / "scalefactors_json.json").write_text(json.dumps(SCALES))
    picture(outs / "spatial" / "tissue_hires_image.png", 200, 150)
    picture(outs / "spatial" / "tissue_lowres_image.png", 60, 45, seed=4)
    if analysis:
        write_analysis(outs / "analysis", barcodes)
    return Made(outs, matrix, barcodes, genes, used)


def write_visium_hd(
    outs: Path, size: int = 8, *, side: int = 12, n_genes: int = 9, tissue_only: bool = True
) -> Made:
    """The bins of one size in an ``outs`` folder of Visium HD."""
    inner = outs / "binned_outputs" / f"square_{size:03d}um"
    (inner / "spatial").mkdir(parents=True)
    n = side * 16 // size // 4
    rows, cols = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    every = pd.DataFrame(
        {
            "barcode": [f"s_{size:03d}um_{a:05d}_{b:05d}-1" for a, b in zip(rows, cols, strict=True)],
            "in_tissue": ((rows + cols) % 3 > 0).astype(np.int64),
            "array_row": rows,
            "array_col": cols,
            "pxl_row_in_fullres": rows * 29.31 + cols * 0.0125 + 100,
            "pxl_col_in_fullres": cols * 29.31 - rows * 0.0125 + 200,
        }
    )
    every.to_parquet(inner / "spatial" / "tissue_positions.parquet", index=False)
    used = every[every["in_tissue"] == 1] if tissue_only else every
    matrix, genes = counts(len(used), n_genes, seed=size), [f"Gene{at}" for at in range(n_genes)]
    barcodes = used["barcode"].to_list()
    kind = "filtered" if tissue_only else "raw"
    write_tenx_h5(inner / f"{kind}_feature_bc_matrix.h5", matrix, barcodes, genes)
    scales = {**SCALES, "bin_size_um": float(size), "microns_per_pixel": 0.2736}
    scales["spot_diameter_fullres"] = size / 0.2736
    (inner / "spatial" / "scalefactors_json.json").write_text(json.dumps(scales))
    (outs / "spatial").mkdir(exist_ok=True)
    picture(outs / "spatial" / "tissue_hires_image.png", 200, 150)
    picture(outs / "spatial" / "tissue_lowres_image.png", 60, 45, seed=4)
    return Made(inner, matrix, barcodes, genes, used)


def write_xenium(
    outs: Path,
    *,
    n_cells: int = 40,
    n_genes: int = 10,
    ids: str = "text",
    cells: str = "cells.parquet",
    analysis: bool = True,
) -> Made:
    """An output folder of Xenium Onboard Analysis.

    Parameters
    ----------
    ids
        ``"text"`` (since 1.3), ``"bytes"`` or ``"numbers"`` (before).
    """
    outs.mkdir(parents=True)
    rng = np.random.default_rng(11)
    letters = np.array(list("abcdefghijklmnop"))
    barcodes = [str(at + 1) for at in range(n_cells)]
    if ids != "numbers":
        codes = np.sort(rng.choice(2**31, n_cells, replace=False))
        barcodes = ["".join(letters[(code >> np.arange(28, -1, -4)) & 15]) + "-1" for code in codes]
    matrix = counts(n_cells, n_genes + 3, seed=5)
    genes = [
        *(f"Gene{at}" for at in range(n_genes)),
        "NegControlProbe_1",
        "NegControlCodeword_2",
        "UnassignedCodeword_3",
    ]
    types = ["Gene Expression"] * n_genes
    types += ["Negative Control Probe", "Negative Control Codeword", "Unassigned Codeword"]
    write_tenx_h5(outs / "cell_feature_matrix.h5", matrix, barcodes, genes, types=types)
    table = pd.DataFrame(
        {
            "cell_id": barcodes,
            "x_centroid": rng.random(n_cells) * 3000,
            "y_centroid": rng.random(n_cells) * 2000,
            "transcript_counts": rng.integers(0, 500, n_cells),
            "control_probe_counts": rng.integers(0, 3, n_cells),
            "total_counts": rng.integers(0, 500, n_cells),
            "cell_area": rng.random(n_cells) * 90,
            "nucleus_area": np.where(np.arange(n_cells) % 7, rng.random(n_cells) * 30, np.nan),
            "segmentation_method": np.where(
                np.arange(n_cells) % 2,
                "Segmented by boundary stain",
                "Segmented by nucleus expansion of 5.0µm",
            ),
        }
    )
    stored = table.copy()
    if ids == "bytes":
        stored["cell_id"] = [each.encode() for each in barcodes]
    elif ids == "numbers":
        stored["cell_id"] = stored["cell_id"].astype(np.int64)
    if cells.endswith(".parquet"):
        stored.to_parquet(outs / cells, index=False)
    else:
        stored.to_csv(outs / cells, index=False)
    specs = {
        "major_version": 4,
        "run_name": "run one",
        "region_name": "Region_1",
        "preservation_method": "ffpe",
        "num_cells": n_cells,
        "pixel_size": 0.2125,
        "panel_name": "Human Breast",
        "analysis_sw_version": "xenium-2.0.0.10",
    }
    (outs / "experiment.xenium").write_text(json.dumps(specs))
    if analysis:
        write_analysis(outs / "analysis", barcodes[1:])
    return Made(outs, matrix[:, :n_genes], barcodes, genes[:n_genes], table)


def write_analysis(folder: Path, barcodes: Sequence[str]) -> None:
    """Clusters, and a UMAP and a PCA, in the layout of all pipelines of 10x."""
    rng = np.random.default_rng(13)

    def put(inner: str, file: str, columns: dict[str, Any]) -> None:
        (folder / inner).mkdir(parents=True)
        pd.DataFrame({"Barcode": barcodes, **columns}).to_csv(folder / inner / file, index=False)

    for name, n in (("graphclust", 11), ("kmeans_2_clusters", 2)):
        clusters = rng.integers(1, n + 1, len(barcodes))
        put(f"clustering/gene_expression_{name}", "clusters.csv", {"Cluster": clusters})
    for name, label, n in (("umap", "UMAP", 2), ("pca", "PC", 4)):
        values = {f"{label}-{at + 1}": rng.normal(size=len(barcodes)) for at in range(n)}
        put(f"{name}/gene_expression_{n}_components", "projection.csv", values)
