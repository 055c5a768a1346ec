"""The ``vitessce`` package makes a view of a store, and reads it with a Zarr that is older than ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import anndata
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from tests.oracle.others import ROOT, python_of

SOURCE = ROOT.parent / "shared" / "data" / "cellrank50_velocity_umap.h5ad"


@pytest.mark.big
def test_a_view_of_a_store(tmp_path: Path) -> None:
    if not SOURCE.exists():
        pytest.skip(f"the shared test data is not at {SOURCE.parent}")
    python = python_of("vitessce")
    store = tmp_path / "store.zarr"
    karospace_stream.export(SOURCE, store, format="anndata")
    words = [str(python), str(Path(__file__).with_name("vitessce") / "run.py"), str(store)]
    done = subprocess.run(
        [*words, "X", "obsm/X_umap", "obs/clusters"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (file,) = found["config"]["datasets"][0]["files"]
    assert file["fileType"] == "anndata.zarr"
    assert file["options"]["obsFeatureMatrix"]["path"] == "X"
    assert found["routes"]
    source = anndata.read_h5ad(SOURCE)
    expected = sparse.csc_matrix(source.X)
    assert found["matrix"]["encoding"] == "csc_matrix"
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(found["matrix"][name], getattr(expected, name))
    np.testing.assert_array_equal(
        np.asarray(found["embedding"], "f4"), np.asarray(source.obsm["X_umap"], "f4")
    )
    assert found["categories"] == source.obs["clusters"].cat.categories.tolist()
    assert found["codes"] == source.obs["clusters"].cat.codes.tolist()
