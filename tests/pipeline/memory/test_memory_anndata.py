"""No task of an AnnData store takes more than its stage is priced at."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.matrix.graph import write_graph
from karospace_stream.formats.anndata.tables.embeddings import write_entry
from karospace_stream.formats.anndata.tables.frames import write_obs_column, write_obs_names, write_var
from karospace_stream.formats.anndata.tables.outliers import has_outliers, write_outliers
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.clock import timestamp
from karospace_stream.targets import begin_local
from tests.pipeline.memory.test_memory import peak_of

N_CELLS = 50_000


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Columns of all kinds, one of text that repeats nowhere, names that repeat, a graph, wide points."""
    rng = np.random.default_rng(0)
    some = rng.random(N_CELLS) < 0.1
    columns: dict[str, Any] = {
        "type": pd.Categorical.from_codes(rng.integers(-1, 30, N_CELLS), [f"type {i}" for i in range(30)]),
        "depth": rng.random(N_CELLS),
        "flag": rng.random(N_CELLS) < 0.5,
        "count": pd.array(np.where(some, None, 5), dtype="Int64"),
        "barcode": [f"barcode-{i:012}" for i in range(N_CELLS)],
    }
    names = [f"cell-{i % (N_CELLS - 50):012}" for i in range(N_CELLS)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* names are not unique")
        adata = anndata.AnnData(obs=pd.DataFrame(columns, index=names))
    adata.obsm["X_umap"] = rng.random((N_CELLS, 2))
    adata.obsm["X_pca"] = rng.random((N_CELLS, 50), np.float32)
    first, second = rng.integers(0, N_CELLS, (2, 8 * N_CELLS))
    first, second = first[first != second], second[first != second]
    weights = rng.random(len(first), np.float32)
    graph = sparse.coo_matrix((weights, (first, second)), (N_CELLS, N_CELLS)).tocsr()
    adata.obsp["connectivities"] = graph + graph.T
    path = tmp_path_factory.mktemp("anndata") / "cells.h5ad"
    adata.write_h5ad(path)
    return path


def planned(source: Path, folder: Path, **options: Any) -> tuple[ExportPlan, AnnDataJob]:
    plan = karospace_stream.plan_export(
        source,
        format="anndata",
        genes="none",
        scheduler="sync",
        memory="4GB",
        latent="X_pca",
        zarr_format=3,
        **options,
    )
    target = begin_local(folder / "out", sealed_by="zarr.json", overwrite=False)
    return plan, AnnDataJob.of(plan.formats[0], target, timestamp())


@pytest.mark.parametrize(
    "options",
    [{}, pytest.param({"shard": True, "downsample": N_CELLS // 2}, marks=pytest.mark.big)],
    ids=["whole", "shards"],
)
def test_every_task(source: Path, options: dict[str, Any], tmp_path: Path) -> None:
    plan, job = planned(source, tmp_path, **options)
    allowed = {cost.name: cost.task_nbytes for cost in plan.costs}
    stages: list[tuple[str, Callable[[], Any]]] = [
        ("columns", lambda: write_var(job)),
        ("columns", lambda: write_obs_names(job)),
        ("points", lambda: write_entry(job, 0)),
        ("points", lambda: write_entry(job, 1)),
        ("graph", lambda: write_graph(job)),
    ]
    for number, info in enumerate(job.plan.columns):
        stages.append(("columns", lambda number=number: write_obs_column(job, number)))
        if has_outliers(info):
            stages.append(("outliers", lambda number=number: write_outliers(job, number)))
    taken = [(name, peak_of(stage), allowed[name]) for name, stage in stages]
    assert [each for each in taken if each[1] > each[2]] == []
    # What is asked for is not many times what is needed.
    assert max(peak / most for _, peak, most in taken) > 0.3
