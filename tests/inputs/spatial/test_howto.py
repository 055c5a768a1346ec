"""The commands of docs/howto/visium.md and docs/howto/xenium.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import anndata
import numpy as np
import pytest
from click.testing import CliRunner

from karospace_stream.cli import program
from tests.made.tenx_folders import picture, write_visium, write_visium_hd, write_xenium
from tests.made.transcripts import make_transcripts, write_xenium_transcripts

PAGES = Path(__file__).parents[3] / "docs" / "howto"


def commands(page: str) -> list[list[str]]:
    """Those that end by themselves, with patterns expanded as a shell does."""
    found = re.findall(
        r"^\$ karospace-stream (.*)$", (PAGES / page).read_text(encoding="utf-8"), re.MULTILINE
    )
    split = [shlex.split(each) for each in found]
    return [each for each in split if each[0] != "serve"]


def run(arguments: list[str]) -> None:
    done = CliRunner().invoke(program, arguments)
    assert done.exit_code == 0, f"{shlex.join(arguments)}: {done.output}"


def test_visium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 3):
        write_visium(tmp_path / f"sample{number}" / "outs", library=f"library{number}", analysis=True)
    for size in (2, 8, 16):
        write_visium_hd(tmp_path / "sample2" / "outs", size, side=40)
    picture(tmp_path / "slide.png", 80, 60)
    monkeypatch.chdir(tmp_path)
    there = commands("visium.md")
    assert len(there) >= 7
    for each in there:
        run(each)


def test_xenium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        write_xenium(tmp_path / f"output-XETG00000__0000000__Region_{number}", n_cells=60)
    region = tmp_path / "output-XETG00000__0000000__Region_1"
    write_xenium_transcripts(region / "transcripts.parquet", make_transcripts(500), as_bytes=False)
    monkeypatch.chdir(tmp_path)
    there = commands("xenium.md")
    assert len(there) >= 5
    for each in there:
        expanded = [sorted(map(str, Path().glob(part))) if "*" in part else [part] for part in each]
        run([part for parts in expanded for part in parts])


def test_transcripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = tmp_path / "output-XETG00000__0000000__Region_1"
    write_xenium(region, n_cells=60)
    made = make_transcripts(500)
    write_xenium_transcripts(region / "transcripts.parquet", made, as_bytes=True)
    usual = made.rename(columns={"x": "global_x", "y": "global_y"})
    usual.to_csv(tmp_path / "detected_transcripts.csv")
    odd = made.rename(columns={"x": "px", "y": "py", "gene": "symbol"})
    odd.to_csv(tmp_path / "molecules.csv", index=False)
    cells = anndata.AnnData(np.eye(9, dtype=np.float32))
    cells.obsm["spatial"] = made[["x", "y"]].to_numpy()[:9]
    cells.write_h5ad(tmp_path / "cells.h5ad")
    monkeypatch.chdir(tmp_path)
    there = commands("transcripts.md")
    assert len(there) == 3
    for each in there:
        run(each)
