"""Small files of samples that belong together."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

N_CELLS = {"s1": 30, "s2": 20, "s10": 25}
GENES = [f"g{number}" for number in range(12)]


@pytest.fixture(scope="package")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder ``lung`` with three files, a table and a list of the three."""
    folder = tmp_path_factory.mktemp("study") / "lung"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, n_cells in N_CELLS.items():
        adata = anndata.AnnData(
            sparse.random(n_cells, len(GENES), 0.4, "csr", np.float32, rng),
            obs=pd.DataFrame(
                {"cell_type": pd.Categorical(rng.choice(["B", "T"], n_cells))},
                index=[f"c{cell}" for cell in range(n_cells)],
            ),
            var=pd.DataFrame(index=GENES),
            obsm={"X_umap": rng.random((n_cells, 2), np.float32)},
        )
        if name == "s10":
            adata.write_zarr(folder / f"{name}.zarr")
        else:
            adata.write_h5ad(folder / f"{name}.h5ad")
    (folder / "notes.md").write_text("of May\n")
    (folder / "list.csv").write_text("path,age\ns1.h5ad,70\ns2.h5ad,20\ns10.zarr,20\n")
    return folder
