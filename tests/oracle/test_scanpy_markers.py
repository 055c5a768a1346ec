"""scanpy reads the markers of a store, plots them, and finds the same itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import karospace_stream
from tests.oracle.others import ROOT, python_of
from tests.statistics.test_tables import drawn

REAL = ROOT.parent / "shared" / "data" / "anndata_v050_pbmc68k.h5ad"
_NEAR = 1e-5  # scanpy holds scores and fold changes in float32


def compared(store: Path, key: str, *, shares: bool = True) -> Any:
    script = Path(__file__).with_name("scanpy") / "markers.py"
    done = subprocess.run(
        [python_of("scanpy"), script, store, key], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    own, stored, both = found["n_rows"]
    assert own == stored == both > 0
    without = set(found["columns"][0]) - set(found["columns"][1])
    assert without == (set() if shares else {"pct_nz_group", "pct_nz_reference"})
    assert found["params"][0] == found["params"][1]
    assert all(one == other for one, other in found["types"])
    assert max(found["worst"].values()) < _NEAR, found["worst"]
    assert "mainplot_ax" in found["plots"]
    return found


@pytest.mark.big
@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("test", ["wilcoxon", "t-test", "t-test_overestim_var"])
@pytest.mark.parametrize("reference", ["rest", "B cell"])
def test_drawn_data(test: Any, reference: str, zarr_format: int, tmp_path: Path) -> None:
    data = drawn()
    kinds = data.obs["kind"].astype(object).replace({"NK/T cell": "NK cell"})
    data.obs["kind"] = pd.Categorical(kinds)
    data = data[data.obs["kind"] != "single"].copy()
    karospace_stream.export(
        data,
        tmp_path / "out.zarr",
        format="anndata",
        zarr_format=zarr_format,
        group_by=["kind"],
        markers=test,
        reference=reference,
    )
    compared(tmp_path / "out.zarr", "rank_genes_groups")


@pytest.mark.big
def test_a_real_file(tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip(f"the shared test data is not at {REAL.parent}")
    karospace_stream.export(
        REAL, tmp_path / "out.zarr", format="anndata", group_by="bulk_labels", markers="wilcoxon"
    )
    # The file has markers of its own under the usual key. Names of its groups have slashes, so that they are
    # no keys of a data frame.
    compared(tmp_path / "out.zarr", "rank_genes_groups_bulk_labels", shares=False)
