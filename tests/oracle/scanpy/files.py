"""Run by scanpy's interpreter: write a file with markers of all kinds, and what is in them beside it."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import anndata
import numpy as np
import scanpy as sc

#: Key in uns -> column, and what scanpy is asked for.
CASES = {
    "rank_genes_groups": ("bulk_labels", {"method": "t-test", "use_raw": True}),
    "wilcoxon": ("louvain", {"method": "wilcoxon", "pts": True, "use_raw": True, "tie_correct": True}),
    "scaled": ("louvain", {"method": "t-test_overestim_var", "use_raw": False, "n_genes": 30}),
    "logreg": ("louvain", {"method": "logreg", "use_raw": False, "max_iter": 30, "random_state": 0}),
    "against": ("louvain", {"method": "wilcoxon", "reference": "1", "groups": ["0", "3"], "pts": True}),
}


def main(source: str, target: str) -> None:
    warnings.simplefilter("ignore")
    data = anndata.read_h5ad(source)
    data.uns = {}
    arrays = {}
    for key, (column, options) in CASES.items():
        sc.tl.rank_genes_groups(data, column, key_added=key, **options)
        for name, values in data.uns[key].items():
            if name.startswith("pts"):
                arrays[f"{key}/{name}"] = values.to_numpy()
                arrays[f"{key}/{name}/genes"] = np.array(values.index, np.str_)
                arrays[f"{key}/{name}/groups"] = np.array(values.columns, np.str_)
            elif name != "params":
                groups = values.dtype.names
                arrays[f"{key}/groups"] = np.array(groups)
                text = np.str_ if name == "names" else None
                arrays[f"{key}/{name}"] = np.array([np.asarray(values[group], text) for group in groups])
    data.write_h5ad(target)
    np.savez(Path(target).with_suffix(".npz"), **arrays)


main(*sys.argv[1:])
