"""Small MuData, written by hand in the layout of mudata (tests/oracle/test_mudata.py proves it)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr
from anndata import AnnData
from anndata.io import write_elem
from scipy import sparse

N_CELLS = 60


@dataclass
class Several:
    """A MuData in memory.

    Attributes
    ----------
    maps
        Of each modality, the number of its row from 1 for each cell; 0 where it has none.
    """

    whole: AnnData
    mod: dict[str, AnnData]
    maps: dict[str, Any] = field(default_factory=dict)

    def common(self) -> list[int]:
        """The cells that are in all modalities."""
        return [cell for cell in range(self.whole.n_obs) if all(each[cell] for each in self.maps.values())]

    def rows(self, name: str) -> list[int]:
        """The rows of a modality for them."""
        return [int(self.maps[name][cell]) - 1 for cell in self.common()]

    def joined(self) -> Any:
        """The values of all modalities for them."""
        return np.hstack([dense(each.X)[self.rows(name)] for name, each in self.mod.items()])


def dense(matrix: Any) -> Any:
    return matrix.toarray() if sparse.issparse(matrix) else matrix


def modality(seed: int, cells: list[str], genes: list[str], layout: str = "csr") -> AnnData:
    rng = np.random.default_rng(seed)
    x = sparse.random(len(cells), len(genes), 0.4, "csr", np.float32, rng)
    made = {"csr": x, "csc": x.tocsc(), "dense": x.toarray()}[layout]
    obs = pd.DataFrame({"depth": rng.random(len(cells)), "passed": rng.random(len(cells)) < 0.5}, index=cells)
    obs["leiden"] = pd.Categorical(rng.choice(list("012"), len(cells)))
    var = pd.DataFrame(
        {"mean": rng.random(len(genes)), "kind": list("ab" * len(genes))[: len(genes)]}, index=genes
    )
    adata = AnnData(made, obs=obs, var=var, layers={"counts": made * 3})
    adata.obsm["X_umap"] = rng.normal(size=(len(cells), 2))
    adata.obsp["connectivities"] = sparse.eye_array(len(cells), k=1, format="csr", dtype=np.float32)
    adata.uns["leiden_colors"] = np.array(["#ff0000", "#00ff00", "#0000ff"], object)
    return adata


def several(mod: dict[str, AnnData], cells: list[str]) -> Several:
    rng = np.random.default_rng(7)
    obs = pd.DataFrame({"batch": pd.Categorical(rng.choice(["x", "y"], len(cells)))}, index=cells)
    obs["rna:leiden"] = pd.Categorical(["global"] * len(cells))
    n_genes = sum(each.n_vars for each in mod.values())
    whole = AnnData(obs=obs, var=pd.DataFrame(index=[f"row{i}" for i in range(n_genes)]))
    whole.obsm["X_wnn"] = rng.normal(size=(len(cells), 2))
    whole.obsp["wnn"] = sparse.eye_array(len(cells), k=2, format="csr", dtype=np.float32)
    maps = {name: (each.obs_names.get_indexer(cells) + 1).astype(np.uint32) for name, each in mod.items()}
    return Several(whole, mod, maps)


@pytest.fixture
def same() -> Several:
    """All cells in both modalities, in the same order."""
    cells = [f"cell{i}" for i in range(N_CELLS)]
    rna = modality(1, cells, [f"g{i}" for i in range(30)])
    rna.var["highly_variable"] = [True, False] * 15
    return several({"rna": rna, "atac": modality(2, cells, [f"chr1:{i}" for i in range(40)])}, cells)


def partly(*layouts: str) -> Several:
    """Other cells in each modality, the second in another order; a gene is called like a protein."""
    cells = [f"cell{i}" for i in range(N_CELLS)]
    shuffled = np.random.default_rng(3).permutation(cells[10:]).tolist()
    rna = modality(4, cells[:50], ["CD3E", *(f"g{i}" for i in range(30))], layouts[0])
    return several({"rna": rna, "prot": modality(5, shuffled, ["CD4", "CD3E", "CD8A"], layouts[1])}, cells)


def put(root: Any, data: Several) -> None:
    """As mudata 0.3 writes it."""
    for key in ("obs", "var"):
        write_elem(root, key, getattr(data.whole, key))
    masks = {name: np.asarray(each) > 0 for name, each in data.maps.items()}
    write_elem(root, "obsm", {**dict(data.whole.obsm), **masks})
    for key in ("obsp", "uns"):
        write_elem(root, key, dict(getattr(data.whole, key)))
    write_elem(root, "obsmap", data.maps)
    for name, each in data.mod.items():
        write_elem(root, f"mod/{name}", each)
    root["mod"].attrs["mod-order"] = list(data.mod)
    root.attrs.update({"encoding-type": "MuData", "encoding-version": "0.1.0", "axis": 0})


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(data: Several, suffix: str = "h5mu") -> Path:
        path = tmp_path / f"data.{suffix}"
        if suffix == "zarr":
            with anndata.settings.override(zarr_write_format=2):
                put(zarr.open_group(path, mode="w", zarr_format=2), data)
        else:
            write_h5mu(path, data)
        return path

    return write


def write_h5mu(path: Path, data: Several) -> Path:
    with h5py.File(path, "w", userblock_size=512) as root:
        put(root, data)
    return path
