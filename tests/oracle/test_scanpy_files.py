"""Markers in a file that scanpy has written are read as they are, and go along unchanged."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.source import open_source
from tests.oracle.others import ROOT, python_of

REAL = ROOT.parent / "shared" / "data" / "anndata_v050_pbmc68k.h5ad"
TABLES = {"scores", "logfoldchanges", "pvals", "pvals_adj"}
#: Key -> column, method, reference, tables and shares.
CASES = {
    "rank_genes_groups": ("bulk_labels", "t-test", "rest", TABLES, ()),
    "wilcoxon": ("louvain", "wilcoxon", "rest", TABLES, ("pts", "pts_rest")),
    "scaled": ("louvain", "t-test_overestim_var", "rest", TABLES, ()),
    "logreg": ("louvain", "logreg", "rest", {"scores"}, ()),
    "against": ("louvain", "wilcoxon", "1", TABLES, ("pts",)),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not REAL.exists():
        pytest.skip(f"the shared test data is not at {REAL.parent}")
    path = tmp_path_factory.mktemp("scanpy") / "marked.h5ad"
    script = Path(__file__).with_name("scanpy") / "files.py"
    done = subprocess.run(
        [python_of("scanpy"), script, REAL, path], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def told(written: Path) -> dict[str, Any]:
    """What scanpy has in memory."""
    return dict(np.load(written.with_suffix(".npz")))


@pytest.mark.big
@pytest.mark.parametrize("key", CASES)
def test_a_ranking_is_read_as_scanpy_has_it(key: str, written: Path, told: dict[str, Any]) -> None:
    column, method, reference, tables, shares = CASES[key]
    source = open_source(written)
    (info,) = (each for each in source.catalog.rankings if each.key == key)
    parameters = dict(info.parameters)
    assert info.column == column
    assert (parameters["method"], parameters["reference"]) == (method, reference)
    assert info.groups == tuple(told[f"{key}/groups"].tolist())
    assert set(info.columns) == tables
    found = source.ranking(key)
    names = np.array([*found.names, ""])[found.codes]
    np.testing.assert_array_equal(names, told[f"{key}/names"])
    for name in tables:
        assert found.values[name].dtype == told[f"{key}/{name}"].dtype
        np.testing.assert_array_equal(found.values[name], told[f"{key}/{name}"])
    assert set(info.shares) == set(shares)
    for name in shares:
        each = source.ranking_shares(key, name)
        assert each.names.tolist() == told[f"{key}/{name}/genes"].tolist()
        assert each.groups == tuple(told[f"{key}/{name}/groups"].tolist())
        np.testing.assert_array_equal(each.values, told[f"{key}/{name}"])


@pytest.mark.big
@pytest.mark.parametrize("format", ["karospace", "anndata"])
@pytest.mark.parametrize("raw", [False, True])
def test_an_export_is_verified(format: str, raw: bool, written: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.zarr"
    karospace_stream.export(written, out, format=format, raw=raw, group_by="none")
    assert karospace_stream.verify(out)
    assert karospace_stream.verify(out, source=written)


@pytest.mark.big
def test_a_store_has_them_as_scanpy_had(written: Path, told: dict[str, Any], tmp_path: Path) -> None:
    karospace_stream.export(written, tmp_path / "out.zarr", format="anndata", group_by="louvain")
    stored = anndata.read_zarr(tmp_path / "out.zarr").uns
    assert {*CASES, "rank_genes_groups_louvain"} <= set(stored)
    for key, (column, _, _, tables, shares) in CASES.items():
        assert stored[key]["params"]["groupby"] == column
        for name in ("names", *tables):
            found = [stored[key][name][group] for group in stored[key][name].dtype.names]
            np.testing.assert_array_equal(np.array(found), told[f"{key}/{name}"])
        for name in shares:
            np.testing.assert_array_equal(stored[key][name].to_numpy(), told[f"{key}/{name}"])
