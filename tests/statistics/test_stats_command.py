"""``karospace-stream stats``: files, refusals, exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.tables import files, out_file
from tests.cli.test_commands import run as run_command
from tests.statistics.test_tables import COLUMNS, N_GENES, drawn

GROUPS = ("--group-by", "kind", "--group-by", "batch")


def run(*words: Any) -> tuple[int, str, str]:
    done = run_command("stats", *words)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def source(tmp_path: Path) -> Path:
    drawn().write_h5ad(tmp_path / "data.h5ad")
    return tmp_path / "data.h5ad"


def test_csv(source: Path, tmp_path: Path) -> None:
    code, out, err = run(source, tmp_path / "out.csv", *GROUPS)
    assert (code, str(tmp_path / "out.csv") in out) == (0, True)
    assert "note: 2 groups have no markers" in err
    read = pd.read_csv(tmp_path / "out.csv", float_precision="round_trip")
    found = karospace_stream.statistics(source, group_by=COLUMNS)
    assert len(read) == N_GENES * (5 + 3)
    row = read[(read["group"] == "NK/T cell") & (read["gene"] == "Gene4")].iloc[0]
    means = found.groups["kind"].set_index(["group", "gene"])
    scores = found.rank_genes_groups("kind", "NK/T cell").set_index("names")
    assert row["mean"] == means.loc[("NK/T cell", "Gene4"), "mean"]
    assert row["pvals_adj"] == scores.loc["Gene4", "pvals_adj"]
    assert row["share_reference"] == scores.loc["Gene4", "pct_nz_reference"]
    assert read.loc[read["group"] == "single", "scores"].isna().all()


def test_h5ad_and_json(source: Path, tmp_path: Path) -> None:
    code, out, _ = run(source, tmp_path / "out.h5ad", *GROUPS, "--json", "--quiet")
    assert code == 0
    facts = json.loads(out)
    assert facts["output"] == str(tmp_path / "out.h5ad")
    assert facts["markers"] == "wilcoxon"
    read = anndata.read_h5ad(tmp_path / "out.h5ad")
    assert read.shape == (8, N_GENES)
    assert np.isnan(read["kind: empty"].X).all()


def test_parquet_has_the_same_table(source: Path, tmp_path: Path, monkeypatch: Any) -> None:
    tables: list[pd.DataFrame] = []
    monkeypatch.setattr(out_file, "find_spec", lambda name: ModuleType(name))
    monkeypatch.setattr(
        pd.DataFrame,
        "to_parquet",
        lambda table, path, index: (tables.append(table), Path(path).write_bytes(b"PAR1")),
    )
    made = karospace_stream.statistics(source, group_by="kind")
    for name in ("out.parquet", "out.csv"):
        files.write_tables(made, out_file.check_file(str(tmp_path / name), overwrite=False))
    assert len(tables[0]) == len(pd.read_csv(tmp_path / "out.csv"))
    assert (tmp_path / "out.parquet").read_bytes() == b"PAR1"


def test_overwrite(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    code, _, err = run(source, out, *GROUPS)
    assert (code, out.read_text()) == (4, "mine")
    assert "already exists; add --overwrite to replace it" in err
    assert run(source, out, *GROUPS, "--overwrite")[0] == 0
    assert out.read_text().startswith("column,gene,group")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.h5ad", "out.csv"]


@pytest.mark.parametrize(
    ("out", "flags", "code", "sentence"),
    [
        ("out.txt", GROUPS, 2, "must end in .h5ad, .csv, .parquet"),
        ("https://host/out.csv", GROUPS, 2, "nothing can be written to a web address"),
        ("s3://bucket/out.txt", GROUPS, 2, "s3://bucket/out.txt must end in .h5ad, .csv, .parquet"),
        ("no/out.csv", GROUPS, 4, "there is no folder"),
        ("data.h5ad", (*GROUPS, "--overwrite"), 4, "the target must not be the input"),
        ("out.csv", (), 2, "--group-by must name a column"),
        ("out.csv", (*GROUPS, "--markers", "none", "--reference", "B cell"), 2, "compares nothing"),
        ("out.csv", (*GROUPS, "--memory", "100MB"), 5, "is too small"),
    ],
)
def test_refusals(
    out: str, flags: tuple[str, ...], code: int, sentence: str, source: Path, tmp_path: Path
) -> None:
    target = out if "://" in out else tmp_path / out
    found, _, err = run(source, target, *flags)
    assert (found, sentence in err) == (code, True), err
    assert [path.name for path in tmp_path.iterdir()] == ["data.h5ad"]


def test_parquet_without_pyarrow(source: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(out_file, "find_spec", lambda _: None)
    code, _, err = run(source, tmp_path / "out.parquet", *GROUPS)
    assert (code, "needs pyarrow" in err) == (2, True)


def test_a_failed_write_leaves_the_older_file(source: Path, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "out.csv").write_text("mine")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    code, _, err = run(source, tmp_path / "out.csv", *GROUPS, "--overwrite")
    assert (code, "could not be written: No space left" in err) == (4, True)
    assert (tmp_path / "out.csv").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.h5ad", "out.csv"]
