"""The commands of the how-to pages about tables and about the choice of cells work as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream.cli import main

HOWTO = Path(__file__).parents[3] / "docs" / "howto"
N = 300
IDS = [f"{n:08d}-1" for n in range(N)]
COMMAND = re.compile(r"^\$ karospace-stream (.*)$", re.MULTILINE)


def commands(page: str, wanted: str) -> list[str]:
    found = COMMAND.findall((HOWTO / page).read_text("utf-8"))
    return [command for command in found if re.search(wanted, command)]


TABLES = commands("tables.md", "")
CELLS = commands("genes-and-cells.md", "--where|--downsample")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    x = sparse.csr_matrix(rng.poisson(1, (N, 12)).astype(np.float32))
    var = pd.DataFrame(index=[f"g{n}" for n in range(12)])
    anndata.AnnData(x, pd.DataFrame(index=IDS), var).write_h5ad("matrix.h5ad")
    write_10x(tmp_path / "filtered_feature_bc_matrix.h5", x)
    umap = rng.normal(size=(N, 2))
    obs = pd.DataFrame(
        {"leiden": rng.integers(0, 5, N), "UMAP_1": umap[:, 0], "UMAP_2": umap[:, 1]}, index=IDS
    )
    obs.to_csv("clusters.csv")
    cells = pd.DataFrame({"left": umap[:, 0], "top": umap[:, 1], "cell_id": IDS})
    cells.to_csv("cells.tsv.gz", sep="\t", index=False)
    doublet = rng.random(N) > 0.8
    pd.DataFrame({"doublet": doublet}, index=IDS).to_parquet("doublets.parquet")
    many = pd.DataFrame(
        {
            "tissue": pd.Categorical(rng.choice(["lung", "gut", "skin"], N)),
            "cell_type": pd.Categorical(rng.choice(["T", "B", "rare"], N, p=[0.7, 0.28, 0.02])),
            "n_counts": rng.integers(0, 2000, N),
            "n_genes": rng.integers(0, 7000, N),
            "age": rng.integers(0, 90, N),
            "percent mito": rng.random(N) * 20,
            "score": np.where(rng.random(N) > 0.5, np.nan, 1.0),
            "doublet": doublet,
        },
        index=IDS,
    )
    atlas = anndata.AnnData(x, many, var)
    atlas.obsm["X_umap"] = umap
    atlas.write_h5ad("atlas.h5ad")
    return tmp_path


def write_10x(path: Path, x: sparse.csr_matrix) -> None:
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix")
        group["barcodes"] = np.array(IDS, "S")
        group["shape"] = np.array([x.shape[1], x.shape[0]], np.int32)
        group["data"], group["indices"] = x.data.astype(np.int32), x.indices.astype(np.int64)
        group["indptr"] = x.indptr.astype(np.int64)
        features = group.create_group("features")
        names = [f"g{n}" for n in range(x.shape[1])]
        for key, values in {
            "id": names,
            "name": names,
            "feature_type": ["Gene Expression"] * len(names),
            "genome": ["GRCh38"] * len(names),
        }.items():
            features[key] = np.array(values, "S")


@pytest.mark.parametrize("command", [*TABLES, *CELLS])
def test_a_documented_command_works(folder: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    arguments = shlex.split(command)
    if arguments[0] == "verify":  # what was exported before
        before = next(each for each in TABLES if "doublets" in each).replace(' --where "not doublet"', "")
        with pytest.raises(SystemExit):
            main(shlex.split(before))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0, capsys.readouterr().err


def test_there_are_commands() -> None:
    assert len(TABLES) == 4
    assert len(CELLS) == 5
