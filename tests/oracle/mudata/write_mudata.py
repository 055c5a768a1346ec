"""Make MuData files and stores with mudata, and what it has in memory. In the environment of mudata."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import mudata
import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse

N_CELLS = 140


def modality(rng: np.random.Generator, cells: Any, genes: list[str], layout: str) -> AnnData:
    """An AnnData of some cells, with a bit of everything."""
    shape = (len(cells), len(genes))
    matrix = sparse.random(*shape, 0.3, format="csr", random_state=int(rng.integers(99)), dtype=np.float32)
    made = {"csr": matrix, "csc": matrix.tocsc(), "dense": matrix.toarray()}[layout]
    adata = AnnData(made, obs=pd.DataFrame(index=cells), var=pd.DataFrame(index=genes))
    adata.layers["counts"] = np.ceil(made * 9) if layout == "dense" else (made * 9).ceil()
    adata.obs["depth"] = rng.normal(size=shape[0])
    adata.obs["leiden"] = pd.Categorical(rng.choice(list("012"), shape[0]))
    adata.obs["passed"] = rng.random(shape[0]) < 0.5
    adata.var["mean"] = rng.normal(size=shape[1])
    adata.var["kind"] = pd.Categorical(rng.choice(["a", "b"], shape[1]))
    adata.obsm["X_umap"] = rng.normal(size=(shape[0], 2))
    adata.obsp["connectivities"] = sparse.random(shape[0], shape[0], 0.1, format="csr", random_state=3)
    adata.uns["leiden_colors"] = np.array(["#ff0000", "#00ff00", "#0000ff"])
    return adata


def same(layout: str) -> mudata.MuData:
    """All cells in all modalities, in the same order."""
    rng = np.random.default_rng(1)
    cells = [f"cell{i}" for i in range(N_CELLS)]
    rna = modality(rng, cells, [f"g{i}" for i in range(50)], layout)
    rna.var["highly_variable"] = rng.random(50) < 0.3
    atac = modality(rng, cells, [f"chr1:{i}" for i in range(70)], layout)
    atac.var["length"] = rng.integers(5, 500, 70)
    return mudata.MuData({"rna": rna, "atac": atac})


def mixed(layouts: tuple[str, str]) -> mudata.MuData:
    """Other cells in each, the second in another order; a gene is called like a protein."""
    rng = np.random.default_rng(2)
    cells = np.array([f"cell{i}" for i in range(N_CELLS)])
    rna = modality(rng, cells[:120], ["CD3E", *(f"g{i}" for i in range(40))], layouts[0])
    prot = modality(rng, rng.permutation(cells[20:]), ["CD4", "CD3E", "CD8A"], layouts[1])
    return mudata.MuData({"rna": rna, "prot": prot})


CASES = {
    "same_csr": lambda: same("csr"),
    "same_csc": lambda: same("csc"),
    "same_dense": lambda: same("dense"),
    "mixed_csr": lambda: mixed(("csr", "csr")),
    "mixed_cite": lambda: mixed(("csr", "dense")),
    "mixed_csc": lambda: mixed(("csc", "csc")),
}


def main(folder: Path) -> None:
    """Write every case in both containers."""
    for name, make in CASES.items():
        data = make()
        rng = np.random.default_rng(9)
        data.obs["batch"] = pd.Categorical(rng.choice(["x", "y"], data.n_obs))
        data.obs["score"] = rng.normal(size=data.n_obs)
        data.obsm["X_wnn"] = rng.normal(size=(data.n_obs, 2))
        data.obsp["wnn"] = sparse.random(data.n_obs, data.n_obs, 0.1, format="csr", random_state=5)
        data.uns["batch_colors"] = np.array(["#111111", "#222222"])
        data.pull_obs(mods=[next(iter(data.mod))], columns=["leiden"], prefix_unique=True)
        data.write_h5mu(folder / f"{name}.h5mu", compression="gzip")
        data.write_zarr(folder / f"{name}.zarr")
        write_truth(mudata.read_h5mu(folder / f"{name}.h5mu"), folder / f"{name}.npz")


def write_truth(data: mudata.MuData, path: Path) -> None:
    """What mudata has: of each modality, and of all, for the cells that are in all."""
    truth: dict[str, Any] = {}
    for name, each in data.mod.items():
        of_cells = data[each.obs_names].copy() if len(each) else data
        truth |= described(each, f"{name}/")
        truth[f"{name}/obs/batch"] = data.obs.loc[each.obs_names, "batch"].to_numpy(str)
        truth[f"{name}/obs/score"] = data.obs.loc[each.obs_names, "score"].to_numpy()
        places = data.obs_names.get_indexer(each.obs_names)
        truth[f"{name}/obsm/X_wnn"] = data.obsm["X_wnn"][places]
        assert of_cells.n_obs == len(each)
    common = [cell for cell in data.obs_names if all(cell in each.obs_names for each in data.mod.values())]
    cut = {name: each[common].copy() for name, each in data.mod.items()}
    joined = AnnData(
        sparse.hstack([sparse.csr_matrix(each.X) for each in cut.values()]).tocsr(),
        obs=data.obs.loc[common],
        layers={
            "counts": sparse.hstack([sparse.csr_matrix(e.layers["counts"]) for e in cut.values()]).tocsr()
        },
    )
    truth |= described(joined, "all/")
    truth["all/obsm/X_wnn"] = data.obsm["X_wnn"][data.obs_names.get_indexer(common)]
    for name, each in cut.items():
        truth[f"all/obsm/X_{name}:umap"] = each.obsm["X_umap"]
        for key in each.obs:
            truth[f"all/obs/{name}:{key}"] = plain(each.obs[key])
    names = [name for each in cut.values() for name in each.var_names]
    truth["all/var_names"] = np.array(
        [
            f"{key}:{name}" if names.count(name) > 1 else name
            for key, each in cut.items()
            for name in each.var_names
        ]
    )
    truth["all/var/modality"] = np.repeat(list(cut), [each.n_vars for each in cut.values()])
    truth["all/var/mean"] = np.concatenate([each.var["mean"] for each in cut.values()])
    truth["all/var/kind"] = np.concatenate([each.var["kind"].to_numpy(str) for each in cut.values()])
    np.savez(path, **truth)


def described(adata: AnnData, under: str) -> dict[str, Any]:
    """Everything in an AnnData, by its path."""
    dense = {"X": adata.X, **{f"layers/{key}": value for key, value in adata.layers.items()}}
    found = {
        key: value.toarray() if sparse.issparse(value) else np.asarray(value) for key, value in dense.items()
    }
    found |= {f"obsm/{key}": value for key, value in adata.obsm.items()}
    found |= {"obs_names": adata.obs_names.to_numpy(str), "var_names": adata.var_names.to_numpy(str)}
    found |= {f"obs/{key}": plain(adata.obs[key]) for key in adata.obs}
    found |= {f"var/{key}": plain(adata.var[key]) for key in adata.var}
    return {f"{under}{key}": value for key, value in found.items()}


def plain(column: pd.Series) -> Any:
    """Numbers, or text; an empty text where a value is missing."""
    if column.dtype.kind in "bif":
        return column.to_numpy()
    return column.astype(object).where(column.notna(), "").to_numpy(str)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
