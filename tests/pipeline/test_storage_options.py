"""Options of stores reach whoever needs them, and are written nowhere."""

from __future__ import annotations

import json
import pickle

import anndata as ad
import numpy as np
import pytest
from click.testing import CliRunner

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.cli.exit_codes import run_command
from karospace_stream.formats.options import read_options

SECRET = "wJalrXUtnFEMI"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "a.h5ad"
    ad.AnnData(np.ones((20, 3), "f4"), obsm={"X_umap": np.ones((20, 2), "f4")}).write_h5ad(path)
    return path


def test_a_plan_never_shows_them(path):
    plan = karospace_stream.plan_export(path, storage_options={"s3": {"secret": SECRET}})
    assert plan.options.storage_options == {"s3": {"secret": SECRET}}
    assert pickle.loads(pickle.dumps(plan.options)).storage_options == {"s3": {"secret": SECRET}}
    for shown in (repr(plan), repr(plan.options), json.dumps(plan.to_json())):
        assert SECRET not in shown
        assert "storage_options" not in shown


def test_a_bundle_never_holds_them(path, tmp_path):
    karospace_stream.export(path, tmp_path / "bundle", storage_options={"key": SECRET}, gzip=False)
    files = [file.read_bytes() for file in (tmp_path / "bundle").rglob("*") if file.is_file()]
    assert len(files) > 5
    assert not [data for data in files if SECRET.encode() in data or b"storage_options" in data]


def test_they_do_not_make_options_differ():
    assert read_options({"storage_options": {"key": "a"}}) == read_options({"storage_options": {"key": "b"}})


@pytest.mark.parametrize("command", ["plan", "inspect"])
def test_flags(command, path):
    words = [command, str(path), "--json", "--storage-option", f"s3.secret={SECRET}"]
    done = CliRunner().invoke(program, [*words, "--storage-option", "anon=true"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["n_cells"] == 20
    assert SECRET not in done.output


def test_a_wrong_flag_is_not_repeated(path, capsys):
    assert run_command(program, "karospace-stream", ["plan", str(path), "--storage-option", SECRET]) != 0
    said = capsys.readouterr().err
    assert "--storage-option must be KEY=VALUE" in said
    assert SECRET not in said
