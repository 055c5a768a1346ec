"""Tables of many groups stay within the projected memory, in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

N_CELLS, N_GENES, N_GROUPS = 2_000, 8_000, 200
HOW = {
    "tables": "karospace_stream.statistics({source!r}, group_by='kind', workers=1)",
    "anndata": "karospace_stream.export({source!r}, {target!r}, format='anndata', group_by='kind', "
    "markers='wilcoxon', workers=1)",
    "karospace": "karospace_stream.export({source!r}, {target!r}, group_by='kind', markers='wilcoxon', "
    "workers=1)",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "groups.h5ad"
    values = sparse.random(N_CELLS, N_GENES, 0.01, format="csr", dtype="f4", random_state=0)
    data = anndata.AnnData(values)
    data.obs["kind"] = pd.Categorical([f"group {number % N_GROUPS}" for number in range(N_CELLS)])
    data.obsm["X_umap"] = np.random.default_rng(0).random((N_CELLS, 2))
    data.write_h5ad(path)
    return path


@pytest.mark.parametrize("how", HOW)
def test_measured_is_below_projected(how: str, source: Path, tmp_path: Path) -> None:
    call = HOW[how].format(source=str(source), target=str(tmp_path / "out"))
    program = (
        f"import json, karospace_stream\nif __name__ == '__main__':\n    made = {call}\n"
        "    print(json.dumps([made.peak_nbytes, made.projected_nbytes]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    peak, projected = json.loads(done.stdout.splitlines()[-1])
    rows = N_GENES * N_GROUPS
    assert 60 * rows < peak < projected
