"""The commands: what is printed where, and how they end."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anndata
import click
import numpy as np
import pandas as pd
import pytest

from karospace_stream.cli import main as app
from karospace_stream.cli.commands.karospace_export import main as legacy_app
from karospace_stream.cli.exit_codes import run_command
from karospace_stream.cli.show import _GUIDE, _next_steps
from karospace_stream.runtime import stop


@dataclass
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: Any, main: Callable[[list[str]], None] = app) -> Done:
    """Run a command as its script does."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(list(map(str, words)))
    assert isinstance(ended.value.code, int)
    return Done(ended.value.code, out.getvalue(), err.getvalue())


def legacy(*words: Any) -> Done:
    return run(*words, main=legacy_app)


def strict(text: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(
        rng.random((60, 8), dtype=np.float32),
        obs=pd.DataFrame({"kind": pd.Categorical(["B", "T"] * 30)}, index=[f"c{n}" for n in range(60)]),
        obsm={"spatial": rng.random((60, 2)), "X_umap": rng.random((60, 2))},
    )
    adata.X[3, 3] = np.nan
    path = tmp_path_factory.mktemp("cli") / "small.h5ad"
    adata.write_h5ad(path)
    return path


@pytest.mark.parametrize("words", ["", "--help", "--version", "export --help", "plan -h", "serve --help"])
@pytest.mark.parametrize("module", ["karospace_stream.cli", "karospace_stream.cli.commands.karospace_export"])
def test_help_loads_nothing_heavy(words: str, module: str) -> None:
    if module.endswith("legacy") and words not in ("--help", "--version"):
        return
    heavy = "{'numpy', 'dask', 'scipy', 'h5py', 'zarr', 'anndata', 'pandas', 'PIL', 'rich', 'starlette'}"
    call = (
        f"import sys; from {module} import main\n"
        f"try: main({words.split()!r})\n"
        f"finally: print('LOADED', sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "LOADED []"
    assert done.stdout or "Usage:" in done.stderr


def test_the_package_runs_as_the_command() -> None:
    """Where the scripts of an environment are not on the path."""
    call = [sys.executable, "-m", "karospace_stream", "serve"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: karospace-stream serve")


def test_export_prints_json_and_nothing_else(source: Path, tmp_path: Path) -> None:
    done = run("export", source, tmp_path / "bundle", "--genes", "top_mean:5", "--json")
    assert done.returncode == 0, done.stderr
    report = strict(done.stdout)
    assert (report["n_cells"], report["n_genes"]) == (60, 5)
    assert (tmp_path / "bundle" / "manifest.json").exists()
    assert "\x1b" not in done.stderr


def test_the_summary_ends_with_what_to_do_next(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "a bundle"
    lines = run("export", source, target, "--genes", "top_mean:2").stdout.splitlines()
    assert [" ".join(line.split()) for line in lines[-6:] if "left out" not in line][-5:] == [
        f"look at it karospace-stream serve '{target}'",
        f"verify it karospace-stream verify '{target}'",
        "put it online copy it to any web host (GitHub Pages takes 1 GB) or export to s3://BUCKET/NAME",
        "check it there karospace-stream doctor https://ADDRESS/",
        "step by step 'Put an export online' in the documentation, docs/howto/online.md",
    ]
    title, path = _GUIDE
    assert (Path(__file__).parents[2] / path).read_text("utf-8").startswith(f"# {title}\n")


def test_what_is_on_a_store_needs_no_copy() -> None:
    steps = dict(_next_steps(["s3://atlas/mice"]))
    assert steps["put it online"] == "let everyone read the objects of the store"
    assert "web host" in dict(_next_steps(["s3://atlas/mice", "mice"]))["put it online"]


def test_notes_and_report_for_people(source: Path, tmp_path: Path) -> None:
    done = run("export", source, tmp_path / "bundle")
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["note: 1 NaN value in the matrix was written as 0"]
    assert done.stdout.startswith(f"{tmp_path / 'bundle'}: 60 cells x 8 genes\n")
    assert "karospace-stream serve" in done.stdout


def test_quiet_prints_notes_alone_and_json_if_asked_for(source: Path, tmp_path: Path) -> None:
    done = run("export", source, tmp_path / "one", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == ["note: 1 NaN value in the matrix was written as 0"]
    done = run("export", source, tmp_path / "two", "-q", "--json")
    assert strict(done.stdout)["n_cells"] == 60


def test_numbers_have_the_right_noun(source: Path, tmp_path: Path) -> None:
    words = ["--genes", "top_mean:1", "--downsample", "1", "--workers", "1"]
    plan = run("plan", source, *words).stdout
    assert plan.startswith(f"{source}: 1 cell x 1 gene\n")
    assert "1 gene band\n" in plan
    assert run("export", source, tmp_path / "one", *words).stdout.startswith(
        f"{tmp_path / 'one'}: 1 cell x 1 gene\n"
    )
    assert "  obs           1 column\n" in run("inspect", source).stdout


def test_columns_is_honoured_in_a_pipe(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, run("plan", source).stdout.splitlines())) > 60
    monkeypatch.setenv("COLUMNS", "60")
    narrow = run("plan", source).stdout.splitlines()
    assert max(len(line) for line in narrow if str(source) not in line) <= 60


def test_plan(source: Path, tmp_path: Path) -> None:
    done = run("plan", source, "--genes", "hvgs:3", "--memory", "1GB", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for words in (
        f"{source}: 60 cells x 3 genes",
        "coordinates  obsm:spatial",
        "columns      kind",
        "strategy       in memory",
        "of 1 GB allowed",
        "a first pass over the matrix finds the most variable genes (seurat)",
        "note: the 3 most variable genes are computed (seurat), since var has no highly_variable column",
    ):
        assert words in done.stdout
    as_json = strict(run("plan", source, "--json", "--memory", "1GB").stdout)
    assert as_json["strategy"] == "memory"
    assert as_json["peak_nbytes"] <= as_json["budget_nbytes"] == 10**9
    assert list(tmp_path.iterdir()) == []


def test_inspect(source: Path) -> None:
    text = run("inspect", source).stdout
    assert "60 cells x 8 genes (h5ad)" in text
    assert "kind (2)" in text
    assert "can be drawn  obsm:spatial, obsm:X_umap" in text
    catalog = strict(run("inspect", source, "--json").stdout)
    assert catalog["matrix"]["shape"] == [60, 8]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["export", "{source}", "{target}", "--genes", "best"], 2, "--genes must be"),
        (["export", "{source}", "{target}", "--anno", "kid"], 2, "did you mean 'kind'"),
        (["export", "{source}", "{target}", "--memory", "lots"], 2, "2GB"),
        (["export", "{source}", "{target}", "--max-asset-mb", "inf"], 2, "--max-asset-mb"),
        (["export", "{source}", "{target}", "--image-placement", "1", "1", "0", "0"], 2, "--image PATH"),
        (["export", "{source}", "{target}", "--scheduler", "slurm"], 2, "slurm"),
        (["export", "{source}", "{target}", "--jenes", "all"], 2, "--jenes"),
        (["export", "{source}"], 2, "TARGET"),
        (["exprt"], 2, "exprt"),
        (["inspect", "{target}"], 3, "does not exist"),
        (["export", "{source}", "{source}"], 4, "the target must not be the input"),
        (["export", "{source}", "{target}", "--memory", "1MB"], 5, "give --memory"),
        (["plan", "{source}", "--memory", "1MB", "--json"], 5, "give --memory"),
    ],
    ids=str,
)
def test_exit_codes(words: list[str], code: int, sentence: str, source: Path, tmp_path: Path) -> None:
    done = run(*(word.format(source=source, target=tmp_path / "gone") for word in words))
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_tracebacks_on_request(source: Path, tmp_path: Path) -> None:
    done = run("export", source, tmp_path / "gone", "--anno", "kid", "--debug")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: --anno")


def test_every_flag_of_karospace_export(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    words = ["--h5ad", source, "--outdir", out, "--coords", "obsm:X_umap", "--anno", "kind"]
    words += ["--genes", "top_mean:4", "--downsample", 50, "--gzip", "false", "--max-asset-mb", 0.01]
    words += ["--no-preview", "--port", 8001]
    for _ in range(2):  # an older bundle is replaced
        done = legacy(*words)
        assert done.returncode == 0, done.stderr
    manifest = strict((out / "manifest.json").read_text())
    assert (manifest["n_cells"], manifest["n_genes_exported"]) == (50, 4)
    assert manifest["coordinate_source"] == "obsm:X_umap"
    assert manifest["annotation_columns"] == ["kind"]
    assert not manifest["expression"]["gzip"]
    assert "preview_path" not in manifest
    assert not list(out.rglob("*.gz"))


def test_what_karospace_export_refuses(source: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert "true or false" in legacy("--h5ad", source, "--outdir", gone, "--gzip", "maybe").stderr
    assert legacy("--h5ad", source).returncode == 2
    assert legacy("--h5ad", gone, "--outdir", tmp_path / "b").returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_the_next_command_can_be_pasted(source: Path, tmp_path: Path) -> None:
    done = run("export", source, tmp_path / "my bundle")
    assert f"karospace-stream serve '{tmp_path}/my bundle'" in done.stdout


def test_a_time_that_is_none(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    done = run("export", source, tmp_path / "bundle")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "SOURCE_DATE_EPOCH must be seconds since 1970, got 'yesterday'" in done.stderr


def test_a_command_called_from_python_leaves_the_signals_as_they_were():
    before = [signal.getsignal(each) for each in stop.SIGNALS]

    @click.command()
    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)

    assert run_command(interrupted, "interrupted", []) == 130
    assert [signal.getsignal(each) for each in stop.SIGNALS] == before
    stop.check()  # nobody has asked for anything any more
