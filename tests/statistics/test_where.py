"""Statistics and sums of the cells that an expression selects, with columns of a table."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream as ks
from karospace_stream.cli import main

N = 120


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A matrix, a table of groups, and both as one file with the selected cells only."""
    rng = np.random.default_rng(0)
    x = sparse.csr_matrix(rng.poisson(1, (N, 8)).astype(np.float32))
    ids = [f"c{n}" for n in range(N)]
    var = pd.DataFrame(index=[f"g{n}" for n in range(8)])
    adata = anndata.AnnData(x, pd.DataFrame(index=ids), var)
    adata.write_h5ad(tmp_path / "matrix.h5ad")
    table = pd.DataFrame({"kind": rng.choice(["A", "B"], N), "score": rng.random(N)}, index=ids)
    table.to_csv(tmp_path / "kinds.csv")
    adata.obs = table.astype({"kind": "category"})
    adata[adata.obs.query("score > 0.3").index].write_h5ad(tmp_path / "chosen.h5ad")
    return tmp_path / "matrix.h5ad", tmp_path / "kinds.csv", tmp_path / "chosen.h5ad"


def test_statistics(files: tuple[Path, Path, Path]) -> None:
    matrix, table, chosen = files
    found = ks.statistics(matrix, group_by="kind", obs_table=table, where="score > 0.3", progress=False)
    wanted = ks.statistics(chosen, group_by="kind", progress=False)
    pd.testing.assert_frame_equal(found.markers["kind"], wanted.markers["kind"])
    pd.testing.assert_frame_equal(found.groups["kind"], wanted.groups["kind"])


def test_sums(files: tuple[Path, Path, Path]) -> None:
    matrix, table, chosen = files
    found = ks.pseudobulk(matrix, "kind", obs_table=table, where="score > 0.3", progress=False)
    wanted = ks.pseudobulk(chosen, "kind", progress=False)
    np.testing.assert_array_equal(found.X, wanted.X)


def test_the_command_line(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    matrix, table, _ = files
    arguments = ["stats", str(matrix), str(tmp_path / "out.csv"), "--group-by", "kind", "-q"]
    arguments += ["--obs-table", str(table), "--where", "score > 0.3"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--downsample", "40", "--downsample-by", "kind"])
    assert ended.value.code == 0
