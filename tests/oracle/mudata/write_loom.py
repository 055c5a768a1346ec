"""Make loom files with loompy, and what anndata reads in each, in the environment of loompy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import h5py
import loompy
import numpy as np
from anndata.io import read_loom
from scipy import sparse

N_CELLS, N_GENES = 150, 90


def content(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Layers, attributes of genes and attributes of cells."""
    counts = rng.poisson(0.8, (N_GENES, N_CELLS)).astype(np.float32)
    layers = {"": counts, "spliced": (counts // 2).astype(np.uint16), "scaled": rng.normal(size=counts.shape)}
    genes = {
        "Gene": np.array([f"g{i}" for i in range(N_GENES - 1)] + ['β-actin <&> "é"'], object),
        "Accession": np.array([f"ENSG{i:08}" for i in range(N_GENES)]),
        "Length": rng.integers(100, 9000, N_GENES),
        "Loadings": rng.normal(size=(N_GENES, 4)),
    }
    cells = {
        "CellID": np.array([f"cell_{i:03}:AÇGT" for i in range(N_CELLS)], object),
        "Clusters": rng.integers(0, 5, N_CELLS),
        "Tissue": rng.choice(np.array(["lung", "Hauptlunge (grün)", "a & b", "&amp;"], object), N_CELLS),
        "Age": rng.normal(size=N_CELLS).astype(np.float32),
        "Valid": rng.random(N_CELLS) < 0.5,
        "_X": rng.normal(size=N_CELLS),
        "_Y": rng.normal(size=N_CELLS).astype(np.float32),
        "_tSNE_1": rng.normal(size=N_CELLS),
        "_tSNE_2": rng.normal(size=N_CELLS),
        "Embedding": rng.normal(size=(N_CELLS, 3)).astype(np.float32),
    }
    return layers, genes, cells


def main(folder: Path) -> None:
    """Write the files: as loompy writes today, and by the older specification."""
    layers, genes, cells = content(np.random.default_rng(3))
    for name, attributes in (("new", cells), ("unnamed", {"Clusters": cells["Clusters"]})):
        path = folder / f"{name}.loom"
        loompy.create(str(path), layers, genes, attributes)
        with loompy.connect(str(path)) as loom:
            loom.ca.Added = np.arange(N_CELLS)
            if name == "new":
                edges = sparse.random(N_CELLS, N_CELLS, 0.05, random_state=1)
                loom.col_graphs.KNN = edges
        write_truth(path)
    write_old(folder / "new.loom", folder / "old.loom")
    write_truth(folder / "old.loom")


def write_old(path: Path, old: Path) -> None:
    """The same by version 2 of the specification: ASCII of fixed length, with references."""
    old.write_bytes(path.read_bytes())
    with h5py.File(old, "a") as root:
        del root["attrs"], root["col_graphs/KNN"]
        root.attrs["LOOM_SPEC_VERSION"] = "2.0.1"
        for group in (root["row_attrs"], root["col_attrs"]):
            for name in [name for name in group if group[name].dtype == object]:
                texts = [each.decode().encode("ascii", "xmlcharrefreplace") for each in group[name][:]]
                del group[name]
                group[name] = np.array(texts)


def write_truth(path: Path) -> None:
    """What anndata, with loompy, has in memory."""
    made = read_loom(str(path), sparse=False, X_name="", dtype="float64")
    truth = {
        "X": made.X,
        "obs_names": made.obs_names.to_numpy(str),
        "var_names": made.var_names.to_numpy(str),
    }
    truth |= {f"layers/{key}": value for key, value in made.layers.items()}
    truth |= {f"obsm/{key}": value for key, value in made.obsm.items()}
    truth |= {f"varm/{key}": value for key, value in made.varm.items()}
    for axis in ("obs", "var"):
        frame = getattr(made, axis)
        for key in frame:
            values = frame[key].to_numpy()
            truth[f"{axis}/{key}"] = values.astype(str) if values.dtype == object else values
    np.savez(path.with_suffix(".npz"), **truth)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
