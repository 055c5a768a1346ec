"""The command, killed (``kill -9``) among slides, shapes or transcripts, then resumed: the same bytes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import tifffile

import karospace_stream
from tests.e2e.resume.stored import files
from tests.e2e.support import run
from tests.e2e.test_same_bytes import differing
from tests.made.cell_shapes import names, polygons, table, write_long
from tests.made.transcripts import make_transcripts, write_xenium_transcripts
from tests.slides.made import marked

_CELLS = 2_000
_SMALL = "from tests.e2e.resume.pieces import cut_small; cut_small()"


def _slide(folder: Path) -> str:
    tifffile.imwrite(folder / "slide.tiff", marked(), tile=(256, 256), compression="deflate")
    return f"{folder}/slide.tiff@1,1,0,0"


def _shapes(folder: Path) -> str:
    write_long(folder / "shapes.parquet", polygons(_CELLS), names(_CELLS), 997)
    return f"{folder}/shapes.parquet"


def _transcripts(folder: Path) -> str:
    write_xenium_transcripts(folder / "a.parquet", make_transcripts(30_000), as_bytes=False, rows=4_000)
    return f"{folder}/a.parquet"


#: The option, what it names, and after how many tasks of its stage the command is killed.
PARTS: dict[str, tuple[str, Callable[[Path], str], int]] = {
    "slides": ("image", _slide, 3),
    "shapes": ("shapes", _shapes, 4),
    "transcripts": ("transcripts", _transcripts, 4),
}


def _killed(stage: str, n_tasks: int, *words: str | Path) -> None:
    before = f"from tests.e2e.resume.killing import kill_in; kill_in({stage!r}, {n_tasks})"
    done = run("export", *words, "--resume", before=before)
    assert done.returncode == -signal.SIGKILL, done.stderr


def _resumed(*words: str | Path, before: str = "pass") -> None:
    done = run("export", *words, "--resume", before=before)
    assert done.returncode == 0, done.stderr
    assert "resumed" in done.stdout + done.stderr


@pytest.mark.parametrize("part", PARTS)
def test_killed_and_resumed(part: str, tmp_path: Path) -> None:
    option, make, n_tasks = PARTS[part]
    table(_CELLS).write_h5ad(tmp_path / "cells.h5ad")
    value = make(tmp_path)
    about = {"genes": "none", "group_by": "none", "compression": 6, "preview": False, option: value}
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / "wanted", name="same", **about)
    words = [tmp_path / "cells.h5ad", tmp_path / "made", "--name", "same", "--genes", "none", "--group-by"]
    words += ["none", "--compression", "6", "--workers", "2", "--no-preview", f"--{option}", value]
    _killed(part, n_tasks, *words)
    assert not (tmp_path / "made").exists()
    _resumed(*words, before=_SMALL)
    assert differing(files(tmp_path / "wanted"), files(tmp_path / "made")) == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
