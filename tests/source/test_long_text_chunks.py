"""Chunks of text of any length: a value takes 16 bytes in a file, and 8 in memory."""

from __future__ import annotations

from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd

from karospace_stream.source import open_source


def test_a_large_chunk_of_names_is_read(tmp_path: Path) -> None:
    """So large that it is looked into before it is inflated, with names that do not compress much."""
    n_cells = 20_000
    values = np.random.default_rng(3).integers(0, 2**63, n_cells)
    names = [f"{value:x}" for value in values]
    path = tmp_path / "names.h5ad"
    ad.AnnData(np.ones((n_cells, 2), "f4"), pd.DataFrame(index=names)).write_h5ad(path)
    with h5py.File(path, "r+") as file:
        del file["obs/_index"]
        file["obs"].create_dataset(
            "_index", data=names, chunks=(65_536,), maxshape=(None,), compression="gzip"
        )
        file["obs/_index"].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
    assert open_source(path).obs_names(19_000, 19_005).tolist() == names[19_000:19_005]
