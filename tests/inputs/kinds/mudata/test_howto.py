"""The commands of docs/howto/mudata.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from karospace_stream.cli import program
from tests.inputs.kinds.loom.conftest import loom_content, write
from tests.inputs.kinds.mudata.conftest import partly, write_h5mu

PAGE = Path(__file__).parents[4] / "docs" / "howto" / "mudata.md"


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_h5mu(tmp_path / "multiome.h5mu", partly("csr", "dense"))
    write(tmp_path / "cells.loom", loom_content(), 3)
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    page = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"^\$ karospace-stream (.*)$", page, re.MULTILINE)
    assert len(commands) == 7
    for command in commands:
        run = CliRunner().invoke(program, shlex.split(command))
        assert run.exit_code == 0, f"{command}: {run.output}"
    for code in re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        exec(code, {})
    made = {path.name for path in tmp_path.iterdir()} - before
    assert made == {"bundle", "proteins", "both", "two", "from_loom", "spliced"}
