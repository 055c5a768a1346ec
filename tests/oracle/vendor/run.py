"""Run by the interpreter of spatialdata-io: what it, squidpy and scanpy read of each folder, as files."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import scanpy as sc
import squidpy as sq
import zarr
from spatialdata_io import visium_hd, xenium

_LETTERS = "abcdefghijklmnop"


def read_xenium(folder: Path) -> sc.AnnData:
    """The table that spatialdata-io makes; it wants the zipped store of the cells too."""
    cells = pd.read_parquet(folder / "cells.parquet")
    ids = [each.decode() if isinstance(each, bytes) else str(each) for each in cells["cell_id"]]
    codes = [int("".join(f"{_LETTERS.index(letter):x}" for letter in each[:8]), 16) for each in ids]
    with zarr.storage.ZipStore(folder / "cells.zarr.zip", mode="w") as store:
        root = zarr.create_group(store, zarr_format=2)
        root.create_array("cell_id", data=np.array([[code, 1] for code in codes], np.uint32))
        summary = root.create_array("cell_summary", data=cells[["x_centroid", "y_centroid"]].to_numpy())
        summary.attrs["column_names"] = ["cell_centroid_x", "cell_centroid_y"]
    names = ("cells_boundaries", "nucleus_boundaries", "cells_labels", "nucleus_labels", "transcripts")
    names = (*names, "morphology_mip", "morphology_focus", "aligned_images")
    return xenium(folder, **dict.fromkeys(names, False))["table"]


def read_bins(folder: Path, size: int) -> sc.AnnData:
    """The table of one size of bins; spatialdata-io wants a file that it takes no values from."""
    layout = json.dumps({"file_format": "1.0", "transform": np.eye(3).ravel().tolist()})
    keys = ("cytassist_colrow_to_spot_colrow", "spot_colrow_to_cytassist_colrow")
    keys = (*keys, "microscope_colrow_to_spot_colrow", "spot_colrow_to_microscope_colrow")
    matrices = dict.fromkeys(keys, np.eye(3).ravel().tolist())
    with h5py.File(folder / "sample_feature_slice.h5", "w") as root:
        root.attrs["metadata_json"] = json.dumps({"hd_layout_json": layout, "transform_matrices": matrices})
    found = visium_hd(
        folder, "sample", bin_size=size, load_segmentations_only=False, var_names_make_unique=False
    )
    return found[f"square_{size:03d}um"]


def main(target: Path, *folders: str) -> None:
    """Write each as ``NAME.READER.h5ad``; the name of a folder says what it is."""
    warnings.simplefilter("ignore")
    for folder in map(Path, folders):
        kind, _, size = folder.name.partition("-")
        readers = {
            "visium": {"scanpy": sc.read_visium, "squidpy": sq.read.visium},
            "hd": {"spatialdata_io": lambda path, size=size: read_bins(path, int(size))},
            "xenium": {"spatialdata_io": read_xenium},
        }[kind]
        for reader, read in readers.items():
            adata = read(folder)
            adata.uns.pop("spatialdata_attrs", None)
            adata.write_h5ad(target / f"{folder.name}.{reader}.h5ad")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
