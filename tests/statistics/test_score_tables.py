"""Scores of gene sets as a table, with statistics of genes and alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.runtime.events import ignore
from karospace_stream.tables.api import read_statistics_options
from karospace_stream.tables.plan import plan_tables
from karospace_stream.tables.run import planned_sums
from tests.statistics.test_gene_sets import SETS, export, made
from tests.statistics.test_stats_command import run

NAMES = ["cycle", "cell_type"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return made(tmp_path / "in.h5ad", sparse.csr_matrix)


def scores_of(source: Any, **options: Any) -> pd.DataFrame:
    found = karospace_stream.statistics(source, gene_sets=SETS, progress=False, **options).scores
    assert found is not None
    return found


@pytest.mark.parametrize("downsample", [None, 150])
def test_as_exported(downsample: int | None, source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "out.zarr", format="anndata", gene_sets=SETS, downsample=downsample)
    obs = anndata.read_zarr(tmp_path / "out.zarr").obs
    alone = scores_of(source, downsample=downsample)
    assert alone.columns.tolist() == NAMES
    assert alone.index.tolist() == obs.index.tolist()
    for name, column in zip(NAMES, ["cycle", "cell_type_score"], strict=True):
        assert np.array_equal(alone[name], obs[column], equal_nan=True)
    options: dict[str, Any] = {"downsample": downsample, "group_by": "cell_type"}
    for more in ({}, {"genes": ["g3"]}, {"strategy": "spill", "scheduler": "processes", "workers": 2}):
        pd.testing.assert_frame_equal(scores_of(source, **options, **more), alone, check_exact=True)


def test_what_is_said(source: Path) -> None:
    found = karospace_stream.statistics(
        source, group_by="cell_type", gene_sets=SETS, genes=["g3"], progress=False
    )
    said = {each.code: each.text for each in found.findings if "set" in each.code or "score" in each.code}
    assert list(said) == ["set-genes-missing", "sets-without-genes", "scores-of-all-genes"]
    assert said["scores-of-all-genes"].endswith("also those that are not in the tables")
    assert "scores     2 gene sets" in repr(found)
    assert found.to_json()["gene_sets"] == NAMES
    alone = karospace_stream.statistics(source, gene_sets=SETS, progress=False)
    assert (len(alone.genes), dict(alone.groups), dict(alone.markers)) == (0, {}, {})
    assert "markers" not in repr(alone)


def test_files(source: Path, tmp_path: Path) -> None:
    sets = tmp_path / "some.gmt"
    sets.write_text("G1/S\tabout\tg1\tg5\tg9\ncell_type\t\tg2\tg3\n")
    expected = scores_of(source)
    code, out, _ = run(source, tmp_path / "scores.csv", "--gene-sets", sets, "--json", "--quiet")
    assert (code, json.loads(out)["gene_sets"]) == (0, ["G1/S", "cell_type"])
    read = pd.read_csv(tmp_path / "scores.csv", index_col="cell", dtype={"cell": str})
    assert read.columns.tolist() == ["G1/S", "cell_type"]
    assert read.index.tolist() == expected.index.tolist()
    assert np.array_equal(read.to_numpy(np.float32), expected.to_numpy(), equal_nan=True)
    assert run(source, tmp_path / "alone.h5ad", "--gene-sets", sets)[0] == 0
    alone = anndata.read_h5ad(tmp_path / "alone.h5ad")
    assert (alone.obs_names.tolist(), alone.var_names.tolist()) == (
        read.index.tolist(),
        ["G1/S", "cell_type"],
    )
    assert np.array_equal(alone.X, expected.to_numpy(), equal_nan=True)
    words = ("--gene-sets", sets, "--group-by", "cell_type")
    assert run(source, tmp_path / "both.h5ad", *words)[0] == 0
    both = anndata.read_h5ad(tmp_path / "both.h5ad")
    entry = both.uns["gene_set_scores"]
    assert both.shape == (2, 60)
    assert (entry["cells"].tolist(), entry["sets"].tolist()) == (read.index.tolist(), ["G1/S", "cell_type"])
    assert np.array_equal(entry["scores"], expected.to_numpy(), equal_nan=True)
    code, _, err = run(source, tmp_path / "both.csv", *words)
    assert code != 0
    assert "both.csv holds one table, of genes or of scores of cells: leave out --gene-sets, or" in err
    assert not (tmp_path / "both.csv").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"genes": ["g1"]}, "genes= would have no effect, since only gene sets are scored"),
        ({"genes": "hvgs:5"}, "genes= would have no effect"),
        ({"markers": "t-test"}, "markers= would have no effect"),
        ({"reference": "a"}, "reference= would have no effect"),
        ({"tie_correct": True}, "tie_correct=True would have no effect"),
        ({"gene_sets": {}}, "there must be at least one set"),
        ({"gene_sets": {"a": ["nothing"]}}, "none of 1 gene, such as 'nothing'"),
        (
            {"gene_sets": {f"set {number}": ["g1"] for number in range(201)}},
            "at most 200 sets can be scored, got 201; give fewer",
        ),
    ],
)
def test_refused(options: dict[str, Any], said: str, source: Path) -> None:
    with pytest.raises(BadOptionError, match=said):
        karospace_stream.statistics(source, progress=False, **{"gene_sets": SETS, **options})


def test_scores_count_in_the_budget() -> None:
    data = anndata.AnnData(sparse.csr_matrix((400_000, 12), dtype=np.float32))
    held = []
    for n_sets in (1, 101):
        sets = {f"set {number}": ["1", "2"] for number in range(n_sets)}
        options = read_statistics_options({"group_by": (), "markers": "wilcoxon", "gene_sets": sets})
        with planned_sums(data, options, ignore, plan_tables) as plan:
            held.append(plan.formats[0].demand.held_nbytes)
    assert held[1] - held[0] == 100 * 400_000 * 4


def test_nothing_stays_in_scratch(source: Path, tmp_path: Path) -> None:
    scores_of(source, group_by="cell_type", scratch=tmp_path / "scratch")
    assert not list((tmp_path / "scratch").iterdir())


def test_numbers_of_genes_without_groups(source: Path, tmp_path: Path) -> None:
    data = anndata.read_h5ad(source)
    data.X.data[np.isnan(data.X.data)] = 0
    data.obsp["spatial_connectivities"] = sparse.random(400, 400, 0.01, "csr", random_state=1)
    data.write_h5ad(tmp_path / "graph.h5ad")
    words = ("--neighbourhoods", "auto", "--gene-sets", "uns:net")
    code, _, err = run(tmp_path / "graph.h5ad", tmp_path / "out.h5ad", *words)
    assert code == 0, err
    stored = anndata.read_h5ad(tmp_path / "out.h5ad")
    assert stored.shape == (0, 60)
    assert stored.var["moran_i"].notna().all()
    assert stored.uns["gene_set_scores"]["scores"].shape == (400, 2)
    code, _, err = run(tmp_path / "graph.h5ad", tmp_path / "out.parquet", *words)
    assert code != 0
    assert ("holds one table" if "pyarrow" not in err else "needs pyarrow") in err
