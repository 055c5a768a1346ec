"""Reading what goes along with the genes takes no more than it is priced at, and keeps no more."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.formats.genes.side_plan import plan_side_inputs
from karospace_stream.formats.genes.side_reading import read_side_inputs
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.side_inputs import SideNeeds
from karospace_stream.source import open_source
from tests.pipeline.memory.test_memory import peak_of

N = 150_000
NEEDS = {
    "category": SideNeeds(("type",)),
    "text": SideNeeds(("text",)),
    "embedding": SideNeeds(embeddings=(EmbeddingChoice(("obsm", "X_pca"), 30, y_down=False),)),
    "rows": SideNeeds(graphs=("rows",)),
    "columns": SideNeeds(graphs=("columns",)),
}
NEEDS["all"] = NEEDS["category"] | NEEDS["text"] | NEEDS["embedding"] | NEEDS["rows"] | NEEDS["columns"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    obs = {
        "type": pd.Categorical.from_codes(rng.integers(0, 300, N), [f"type {i}" for i in range(300)]),
        "text": np.array([f"a rather long text {i:05}" for i in range(3_000)])[rng.integers(0, 3_000, N)],
    }
    adata = anndata.AnnData(obs=pd.DataFrame(obs, index=np.arange(N).astype(str)))
    adata.obsm["X_pca"] = rng.random((N, 30))
    indptr = np.arange(0, 15 * N + 1, 15)
    graph = sparse.csr_matrix((rng.random(15 * N), rng.integers(0, N, 15 * N, "int32"), indptr), (N, N))
    adata.obsp["rows"], adata.obsp["columns"] = graph, graph.T.tocsc()
    path = tmp_path_factory.mktemp("side") / "cells.h5ad"
    adata.write_h5ad(path, compression="gzip", convert_strings_to_categoricals=False)
    return path


@pytest.mark.parametrize("fewer", [False, True], ids=["whole", "fewer"])
@pytest.mark.parametrize("what", NEEDS)
@pytest.mark.few(6)
def test_reading(what: str, fewer: bool, source: Path) -> None:
    cells = np.arange(0, N, 2) if fewer else None
    chosen = Selection("", cells, N // 2 if fewer else N, np.zeros(0, np.int64), (), (), ())
    opened = open_source(source)
    plan = plan_side_inputs(opened, chosen, [NEEDS[what]])
    assert plan is not None
    read_side_inputs(opened, chosen, plan)  # libraries are loaded before anything is measured
    found: list[Any] = []
    peak = peak_of(lambda: found.append(read_side_inputs(opened, chosen, plan)))
    assert peak <= plan.held_nbytes + plan.loading_nbytes
    # What is asked for is not many times what is needed; columns need little, but for how they are read.
    assert NEEDS[what].columns or peak > 0.25 * (plan.held_nbytes + plan.loading_nbytes)
    found.clear()
    gc.collect()
    tracemalloc.start(1)
    found.append(read_side_inputs(opened, chosen, plan))
    gc.collect()
    assert tracemalloc.get_traced_memory()[0] <= plan.held_nbytes + 100_000
    tracemalloc.stop()
