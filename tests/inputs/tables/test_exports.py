"""Exports of an input with a table beside it: the same bytes as of an AnnData that has its columns."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream as ks
from karospace_stream.cli import main as program
from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.inputs.tables import spill
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.source import open_source

N = 40
IDS = [f"c{n}" for n in range(N)]


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    x = sparse.csr_matrix(rng.poisson(1, (N, 6)).astype(np.float32))
    adata = anndata.AnnData(x, pd.DataFrame({"n": range(N)}, index=IDS), pd.DataFrame(index=list("abcdef")))
    adata.write_h5ad(tmp_path / "matrix.h5ad")
    return tmp_path / "matrix.h5ad"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    columns = {
        "cell_type": rng.choice(["T", "B", "NK"], N),
        "score": rng.normal(size=N),
        "UMAP_1": rng.normal(size=N),
        "UMAP_2": rng.normal(size=N),
    }
    frame = pd.DataFrame(columns, index=pd.Index(IDS, name="barcode"))
    frame.sample(frac=1, random_state=0).to_csv(tmp_path / "clusters.csv")
    return tmp_path / "clusters.csv"


def whole(matrix: Path, table: Path) -> anndata.AnnData:
    """The same by pandas."""
    adata = anndata.read_h5ad(matrix)
    for name, values in pd.read_csv(table, index_col=0, float_precision="round_trip").reindex(IDS).items():
        adata.obs[name] = pd.Categorical(values) if name == "cell_type" else values
    adata.obsm["X_umap"] = adata.obs[["UMAP_1", "UMAP_2"]].to_numpy()
    return adata


def main(arguments: list[str]) -> Any:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        program(arguments)
    return ended.value.code


def files(folder: Path) -> dict[str, bytes]:
    """What does not name the input or the time."""
    every = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    told = ("checksums.json", "report.json", "manifest.json", "atlas.json", ".html", "dataset_identity.json")
    return {name: data for name, data in every.items() if not name.endswith(told)}


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_the_bytes_are_those_of_one_file(tmp_path: Path, matrix: Path, table: Path, format: str) -> None:
    whole(matrix, table).write_h5ad(tmp_path / "whole.h5ad")
    ks.export(matrix, tmp_path / "out", format=format, obs_table=table, name="x")
    ks.export(tmp_path / "whole.h5ad", tmp_path / "wanted", format=format, name="x")
    found, wanted = files(tmp_path / "out"), files(tmp_path / "wanted")
    assert found.keys() == wanted.keys()
    assert [name for name in found if found[name] != wanted[name]] == []
    assert len(found) > 5


def test_verify_wants_the_table_again(tmp_path: Path, matrix: Path, table: Path) -> None:
    out = tmp_path / "out"
    report = ks.export(matrix, out, obs_table=table)
    assert any(each.code == "table" for each in report.findings)
    recorded = json.loads((out / "checksums.json").read_text())
    assert str(tmp_path) not in json.dumps(recorded)
    assert bool(ks.verify(out, source=matrix, obs_table=table))
    with pytest.raises(BadOptionError, match="name the same tables with obs_table="):
        ks.verify(out, source=matrix)
    frame = pd.read_csv(table, index_col=0, float_precision="round_trip")
    assert bool(ks.verify(out, source=matrix, obs_table=frame.astype({"cell_type": "category"})))
    frame.loc["c3", "cell_type"] = "Other"
    frame.to_csv(tmp_path / "changed.csv")
    assert not ks.verify(out, source=matrix, obs_table=tmp_path / "changed.csv")
    assert main(["verify", str(out), "--source", str(matrix), "--obs-table", str(table), "-q"]) == 0


@pytest.mark.parametrize(("format", "most"), [("karospace", 0), ("anndata", 0), ("karospace", 1 << 20)])
def test_processes(
    tmp_path: Path, matrix: Path, table: Path, most: int, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large tables go to scratch, where worker processes read them; nothing of it stays."""
    monkeypatch.setattr(spill, "MOST_SENT_NBYTES", most)
    frame = pd.read_csv(table, index_col=0)
    frame["text"] = [f"t{n}" if n % 3 else None for n in range(N)]
    frame["count"] = pd.array([n if n % 4 else None for n in range(N)], "Int64")
    frame.drop("c5").to_csv(table)
    (tmp_path / "scratch").mkdir()
    options: dict[str, Any] = {
        "obs_table": table,
        "name": "x",
        "where": "score > -1",
        "format": format,
        "anno": "all",
    }
    options["anno"] = "all"
    plan = ks.plan_export(matrix, scheduler="processes", **options)
    assert (plan.source.preparation is not None) == (most == 0)
    ks.export(
        matrix, tmp_path / "a", scheduler="processes", workers=2, scratch=tmp_path / "scratch", **options
    )
    ks.export(matrix, tmp_path / "b", **options)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert not list((tmp_path / "scratch").rglob("*"))


def test_a_table_counts_in_the_plan(tmp_path: Path, matrix: Path, table: Path) -> None:
    with_table, without = ks.plan_export(matrix, obs_table=table), ks.plan_export(matrix, coords="obs:n,n")
    (info,) = with_table.catalog.tables
    assert info.nbytes > 3 * 8 * N
    assert with_table.source.catalog.fingerprint.startswith(without.source.catalog.fingerprint)


def test_an_opened_source_takes_a_table(matrix: Path, table: Path) -> None:
    plan = ks.plan_export(ks.open_source(matrix), obs_table=table)
    assert "cell_type" in [each.name for each in plan.catalog.obs]


def test_coordinates_of_a_table_on_the_command_line(
    tmp_path: Path, matrix: Path, table: Path, capsys: Any
) -> None:
    arguments = ["export", str(matrix), str(tmp_path / "out"), "-q", "--obs-table", str(table)]
    assert main([*arguments, "--coords", "table:score,UMAP_1", "--obs-table-key", "barcode"]) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "table_spatial" in json.dumps(manifest)
    assert main([*arguments, "--coords", "table:score,UMAP1", "--overwrite"]) == 2
    assert "did you mean 'UMAP_1'" in capsys.readouterr().err


def test_a_resume_wants_the_same_table(tmp_path: Path, matrix: Path, table: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(table.read_text().replace("NK", "ILC"))
    out = tmp_path / "out"

    class Stop(Exception):
        pass

    def stop(event: Any) -> None:
        if type(event).__name__ == "TaskDone":
            raise Stop

    with pytest.raises(Stop):
        ks.export(matrix, out, obs_table=table, resume=True, listener=stop, workers=1)
    with pytest.raises(KaroSpaceError, match="has another input"):
        ks.export(matrix, out, obs_table=other, resume=True)
    ks.export(matrix, out, obs_table=table, resume=True)
    assert ks.verify(out, source=matrix, obs_table=table)


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_chosen_cells_are_those_of_pandas(tmp_path: Path, matrix: Path, table: Path, format: str) -> None:
    """Columns of a table choose cells; the export is that of the chosen cells alone, and can be verified."""
    where = "cell_type in ['T', 'B', 'NK'] and score > -0.5"
    adata = whole(matrix, table)
    adata[adata.obs.query(where).index].write_h5ad(tmp_path / "chosen.h5ad")
    report = ks.export(matrix, tmp_path / "out", format=format, obs_table=table, where=where, name="x")
    ks.export(tmp_path / "chosen.h5ad", tmp_path / "wanted", format=format, name="x")
    found, wanted = files(tmp_path / "out"), files(tmp_path / "wanted")
    assert found.keys() == wanted.keys()
    changed = [name for name in found if found[name] != wanted[name]]
    assert changed == []
    assert {"cells", "table"} <= {each.code for each in report.findings}
    recorded = json.loads((tmp_path / "out" / "checksums.json").read_text())
    assert recorded["options"]["where"] == where
    assert ks.verify(tmp_path / "out", source=matrix, obs_table=table)


def test_a_bundle_says_which_cells_it_has(tmp_path: Path, matrix: Path, table: Path) -> None:
    where = "cell_type == 'T'"
    ks.export(matrix, tmp_path / "a", obs_table=table, where=where)
    head = json.loads((tmp_path / "a" / "atlas.json").read_text())
    assert any("cells are selected: those where cell_type == 'T'." in str(note) for note in head["notes"])
    ks.export(matrix, tmp_path / "b", obs_table=table, downsample=12, downsample_by="cell_type")
    head = json.loads((tmp_path / "b" / "atlas.json").read_text())
    assert any("12 cells are drawn from 3 groups of 'cell_type'" in str(note) for note in head["notes"])
    assert ks.verify(tmp_path / "b", source=matrix, obs_table=table)


@dataclass(frozen=True)
class Waiting:
    """A preparation of an input; see `Preparation`."""

    path: Path
    scratch_nbytes = 10

    def steps(self, task_nbytes: int) -> list[int]:
        return [1]

    def run(self, step: int, files: Any) -> int:
        return step

    def finish(self, results: Any, files: Any) -> Any:
        return open_source(self.path)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_an_input_that_must_be_prepared_keeps_its_table(
    tmp_path: Path, matrix: Path, table: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "MOST_SENT_NBYTES", 0)
    pending = OpenedSource(replace(open_source(matrix), preparation=Waiting(matrix)))
    report = ks.export(pending, tmp_path / "a", obs_table=table, name="x", scheduler=scheduler, workers=2)
    assert [each.code for each in report.findings].count("table") == 1
    ks.export(matrix, tmp_path / "b", obs_table=table, name="x")
    assert files(tmp_path / "a") == files(tmp_path / "b")
