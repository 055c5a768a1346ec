"""No step that sorts rows takes more than it may, with many sections mixed."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.inputs.striped.preparation import SortedParts
from karospace_stream.pipeline.counting.prepare import StoreFiles
from karospace_stream.storage import Store, location_of
from tests.pipeline.memory.test_memory import peak_of

N_SECTIONS, N_CELLS, N_GENES = 60, 60_000, 300


def test_steps_keep_their_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("karospace_stream.inputs.sectioned.apply.is_mixed", lambda order: True)
    rng = np.random.default_rng(0)
    obs = pd.DataFrame({"section": pd.Categorical(rng.integers(0, N_SECTIONS, N_CELLS).astype(str))})
    obs.index = obs.index.astype(str)
    adata = anndata.AnnData(
        sparse.random(N_CELLS, N_GENES, 0.2, "csr", np.float32, rng),
        obs,
        obsm={"spatial": rng.random((N_CELLS, 2))},
    )
    adata.write_h5ad(tmp_path / "mixed.h5ad")
    plan = karospace_stream.plan_export(tmp_path / "mixed.h5ad", tmp_path / "out", memory="400MB", workers=1)
    preparation = plan.source.preparation
    assert isinstance(preparation, SortedParts)
    assert plan.source.catalog.held_nbytes == 8 * N_CELLS
    (tmp_path / "files").mkdir()
    files = StoreFiles(Store(location_of(f"file://{tmp_path}/files")))
    most = 24_000_000
    steps = preparation.steps(most)
    assert len(steps) > 3
    for step in steps:
        assert peak_of(lambda each=step: preparation.run(each, files)) <= most
    written = sum(path.stat().st_size for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert written <= preparation.scratch_nbytes
