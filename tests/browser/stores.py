"""Gene-major AnnData stores, written with anndata and zarr alone, so that they are nobody's but theirs."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any, Literal

import anndata
import numpy as np
import zarr
from anndata.io import write_elem
from numcodecs import Shuffle, Zlib
from scipy import sparse
from zarr.codecs import BloscCodec, GzipCodec

#: Small, so that a gene lies in one chunk or two, as in a store of a million cells.
CHUNK = 256
CHUNKS_A_SHARD = 4


def write_store(
    adata: anndata.AnnData, path: Path, zarr_format: Literal[2, 3], *, shard: bool = False
) -> Path:
    """Write an AnnData gene after gene, with codecs that browsers know and consolidated metadata."""
    codec: dict[str, Any] = (
        {"compressor": Zlib(6)} if zarr_format == 2 else {"compressors": [GzipCodec(level=6)]}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about v2 having a successor, and about consolidation in v3
        root = zarr.open_group(str(path), mode="w", zarr_format=zarr_format)
        with anndata.settings.override(auto_shard_zarr_v3=False):  # as anndata 0.13 does unasked
            write_elem(root, "/", adata, dataset_kwargs=codec)
        del root["X"]
        _write_x(root, sparse.csc_matrix(adata.X), zarr_format, shard=shard)
        zarr.consolidate_metadata(str(path), zarr_format=zarr_format)
    return path


def _write_x(root: zarr.Group, x: sparse.csc_matrix, zarr_format: Literal[2, 3], *, shard: bool) -> None:
    x.sort_indices()
    group = root.create_group("X")
    group.attrs.update(
        {"encoding-type": "csc_matrix", "encoding-version": "0.1.0", "shape": [int(n) for n in x.shape]}
    )
    for name, values in (("data", x.data), ("indices", x.indices), ("indptr", x.indptr)):
        array = np.asarray(values, np.float32 if name == "data" else np.int32)
        packing: dict[str, Any] = {"compressors": Zlib(6) if zarr_format == 2 else GzipCodec(level=6)}
        if name != "data" and zarr_format == 2:
            packing["filters"] = [Shuffle(4)]
        elif name != "data":
            packing["compressors"] = BloscCodec(typesize=4, cname="zlib", clevel=6, shuffle="shuffle")
        if shard and name != "indptr":
            packing["shards"] = (CHUNK * CHUNKS_A_SHARD,)
        chunks = (len(array),) if name == "indptr" else (CHUNK,)
        group.create_array(name, data=array, chunks=chunks, **packing)


def zip_store(folder: Path) -> Path:
    """Pack a store into a zip, chunks first and the consolidated metadata last."""
    packed = folder.with_name(f"{folder.name}.zip")
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=_metadata_last)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as zipped:
        for file in files:
            zipped.write(file, file.relative_to(folder))
    return packed


def _metadata_last(file: Path) -> tuple[bool, str]:
    return file.name.startswith(".z") or file.name == "zarr.json", str(file)
