"""Runs in the environment of Scanpy: scores and control genes of every case."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import scanpy  # type: ignore[import-not-found]
from scanpy.tools import _score_genes  # type: ignore[import-not-found]

_draw = _score_genes._score_genes_bins
_drawn: list[Any] = []


def listening(*given: Any, **options: Any) -> Any:
    """The draw of Scanpy, whose genes it tells nobody."""
    for genes in _draw(*given, **options):
        _drawn.extend(genes)
        yield genes


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("ignore")  # of old files
    _score_genes._score_genes_bins = listening
    for case in json.loads((folder / "cases.json").read_text()):
        adata = anndata.read_h5ad(case["source"])
        adata = adata.raw.to_adata() if case["raw"] else adata
        adata.X = adata.X.astype(np.float64)  # it adds up in the type of the values
        found: dict[str, Any] = {}
        for name, genes in case["sets"].items():
            _drawn.clear()
            try:
                scanpy.tl.score_genes(adata, genes, score_name="found", use_raw=False)
            except RuntimeError:  # it has no genes to compare with
                adata.obs["found"] = np.nan
            found[f"{name}/scores"] = adata.obs["found"].to_numpy()
            found[f"{name}/controls"] = np.array(sorted(map(str, _drawn)))
        np.savez(folder / f"{case['name']}.npz", **found)


if __name__ == "__main__":
    main()
