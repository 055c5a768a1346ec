"""Measured in a fresh process: several modalities, of which one has its cells in another order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy import sparse

from karospace_stream.units import parse_nbytes
from tests.e2e.support import run, run_measured
from tests.inputs.kinds.mudata.conftest import several, write_h5mu

N_CELLS = 60_000


@pytest.mark.parametrize(("layout", "memory"), [("csr", "350MB"), ("csc", "350MB")])
@pytest.mark.big
def test_peak_is_below_budget_and_projection(layout: str, memory: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    cells = [f"cell{i}" for i in range(N_CELLS)]
    # Shuffled nearby, as where modalities were filtered and sorted apart.
    order = np.concatenate([rng.permutation(part) for part in np.array_split(np.arange(50_000), 20)])
    mod = {}
    for name, numbers, n_genes in (("rna", np.arange(N_CELLS), 1_500), ("atac", order, 2_500)):
        x = sparse.random(len(numbers), n_genes, 0.08, layout, np.float32, rng)
        obs = pd.DataFrame(index=[cells[number] for number in numbers])
        mod[name] = AnnData(x, obs=obs, var=pd.DataFrame(index=[f"{name}{i}" for i in range(n_genes)]))
    source = write_h5mu(tmp_path / "data.h5mu", several(mod, cells))
    words = ("--modality", "all", "--memory", memory, "--scheduler", "threads", "--scratch", str(tmp_path))
    planned = run("plan", source, *words, "--json")
    assert planned.returncode == 0, planned.stderr
    done = run_measured("export", source, tmp_path / "bundle", *words)
    assert done.exit_code == 0, done.stderr
    assert 80e6 < done.peak_nbytes < json.loads(planned.stdout)["peak_nbytes"] <= parse_nbytes(memory)
