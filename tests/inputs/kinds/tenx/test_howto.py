"""The commands of docs/howto/geo-10x.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from karospace_stream.cli import program
from tests.made.tenx import counts, write_mtx, write_v3

PAGE = Path(__file__).parents[4] / "docs" / "howto" / "geo-10x.md"


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = counts()
    write_v3(tmp_path / "filtered_feature_bc_matrix.h5", made)
    write_mtx(tmp_path / "filtered_feature_bc_matrix", made)
    write_mtx(tmp_path / "GSE1", made, prefix="GSM1_")
    places = np.random.default_rng(3).normal(size=(len(made.barcodes), 2))
    rows = [f"{name},c{x > 0},{x},{y}" for name, (x, y) in zip(made.barcodes, places, strict=True)]
    (tmp_path / "cells.csv").write_text("\n".join(["barcode,cluster,UMAP_1,UMAP_2", *rows]))
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    commands = re.findall(r"^\$ karospace-stream (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) > 7
    for command in commands:
        run = CliRunner().invoke(program, shlex.split(command))
        assert run.exit_code == 0, f"{command}: {run.output}"
    made_by_them = {path.name for path in tmp_path.iterdir()} - before
    assert made_by_them == {"bundle", "counts.zarr", "from_text", "proteins.zarr", "all.zarr"}
