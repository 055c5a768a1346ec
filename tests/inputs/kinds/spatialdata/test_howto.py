"""The commands of docs/howto/spatialdata.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from karospace_stream.cli import program
from tests.inputs.kinds.spatialdata.stores import Labels, Shapes, annotated, write_store
from tests.inputs.kinds.spatialdata.test_centres import CIRCLES, image

PAGE = Path(__file__).parents[4] / "docs" / "howto" / "spatialdata.md"


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"table": annotated({"spots": [1, 2, 5]}), "nuclei": annotated({"labels": [10, 20, 30, 40]})}
    write_store(tmp_path / "sample.zarr", tables, {"spots": Shapes(CIRCLES), "labels": Labels([image()])})
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^\$ karospace-stream (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) > 3
    for command in commands:
        run = CliRunner().invoke(program, shlex.split(command))
        assert run.exit_code == 0, f"{command}: {run.output}"
    assert {path.name for path in tmp_path.iterdir()} == {"sample.zarr", "bundle", "nuclei"}
