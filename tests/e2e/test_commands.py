"""The commands together: synth, inspect, plan, export; people on stderr, machines on stdout."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import anndata
import pytest

from tests.e2e.support import run
from tests.oracle.reader import Bundle

Synth = Callable[..., Path]


def test_from_nothing_to_a_bundle(tmp_path: Path) -> None:
    source, target = tmp_path / "made.h5ad", tmp_path / "bundle"
    made = run("synth", source, "--cells", "1500", "--genes", "120")
    assert made.returncode == 0, made.stderr
    assert anndata.read_h5ad(source).shape == (1_500, 120)
    inspected = run("inspect", source, "--json")
    assert inspected.returncode == 0, inspected.stderr
    assert "X_umap" in json.dumps(json.loads(inspected.stdout))
    words = ("--genes", "hvgs:20", "--anno", "cell_type", "--anno", "n_counts", "--coords", "obsm:X_umap")
    planned = run("plan", source, *words, "--json")
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    assert not target.exists()
    done = run("export", source, target, *words, "--name", "My data", "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
    bundle = Bundle(target)
    assert bundle.manifest["dataset_name"] == "My data"
    assert bundle.manifest["coordinate_source"] == "obsm:X_umap"
    assert bundle.manifest["annotation_columns"] == ["cell_type", "n_counts"]
    assert len(bundle.labels) == 20
    # Whether a group has enough cells to be ranked is known after reading.
    unranked = sum(len(each["too_small"]) for each in bundle.stream.atlas["statistics"]["groupings"])
    assert plan["n_objects"] - unranked == sum(path.is_file() for path in target.rglob("*"))


@pytest.mark.parametrize("name", ["inspect", "plan", "export", "synth", "serve"])
def test_help(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Usage" in done.stdout


def test_people_read_stderr_and_machines_stdout(synth: Synth, tmp_path: Path) -> None:
    done = run("export", synth(700, 90), tmp_path / "bundle", "--genes", "top_mean:3")
    assert done.returncode == 0
    assert str(tmp_path / "bundle") in done.stdout
    assert "\r" not in done.stderr, "a progress bar where there is no terminal"
    assert "\x1b" not in done.stdout + done.stderr, "colours where there is no terminal"


def test_unknown_words(tmp_path: Path) -> None:
    assert run("exprot").returncode == 2
    assert run("export", tmp_path / "gone.h5ad", tmp_path / "b", "--gense", "all").returncode == 2
    gone = run("inspect", tmp_path / "gone.h5ad")
    assert gone.returncode == 3
    assert "gone.h5ad" in gone.stderr
    assert "Traceback" not in gone.stderr


def test_tracebacks_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "text.h5ad").write_text("text")
    done = run("inspect", tmp_path / "text.h5ad", "--debug")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
