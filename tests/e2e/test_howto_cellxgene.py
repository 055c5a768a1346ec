"""The commands of docs/howto/cellxgene.md run; those about a web address take the file itself."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from karospace_stream.cli import program
from tests.made.cellxgene import cellxgene

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "cellxgene.md"


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cellxgene().write_h5ad(tmp_path / "download.h5ad")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^\$ karospace-stream (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {command.split()[0] for command in commands} == {"inspect", "export", "serve", "plan"}
    for command in commands:
        if command.startswith("serve"):  # which stays; tests/serving has it
            continue
        words = ["download.h5ad" if word.startswith("https://") else word for word in shlex.split(command)]
        if words[0] == "export" and (tmp_path / "bundle").exists():
            words.append("--overwrite")
        run = CliRunner().invoke(program, words)
        assert run.exit_code == 0, f"{command}: {run.output}"
    assert (tmp_path / "bundle" / "atlas.json").is_file()
