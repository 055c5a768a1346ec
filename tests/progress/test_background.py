"""An export for the page shows its progress too, although `serve` and `show` return before it has ended."""

from __future__ import annotations

import sys
from pathlib import Path

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.runtime.events import Event, TaskDone
from karospace_stream.targets.local.cache import FOLDER_VARIABLE
from tests.progress.conftest import Terminal


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))


def made(n_cells: int) -> anndata.AnnData:
    """Of other cells for each export, so that none is in the cache."""
    points = np.random.default_rng(0).random((n_cells, 2))
    return anndata.AnnData(np.ones((n_cells, 4), np.float32), obsm={"X_umap": points})


def complete(n_cells: int, **options: object) -> None:
    with karospace_stream.serve(made(n_cells), port=0, genes="top_mean:9", **options) as server:
        server.complete()


def test_a_program_on_a_terminal_has_a_bar_until_the_export_is_complete(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    complete(9)
    text = terminal.getvalue()
    assert "100%" in text
    assert "note: exporting into the cache" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor is hidden, and comes back
    complete(9)  # from the cache
    complete(10, progress=False)
    heard: list[Event] = []
    complete(11, listener=heard.append)
    assert terminal.getvalue() == text
    assert any(isinstance(event, TaskDone) for event in heard)


def test_at_a_prompt_only_notes_are_written(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    complete(12)
    lines = terminal.getvalue().splitlines()
    assert lines[0].startswith("note: exporting into the cache")
    assert all(line.startswith(("note: ", "  ")) for line in lines)
    complete(13, progress=False)
    assert terminal.getvalue().splitlines() == lines


def test_a_notebook_has_one_display(notebook: list[str]) -> None:
    complete(14)
    assert "<progress" in notebook[0]
    assert any('max="' in page for page in notebook)
    assert "<progress" not in notebook[-1]
    assert "note: exporting into the cache" in notebook[-1]


def test_show_has_it_above_the_page(notebook: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    view = karospace_stream.show(made(15), genes="top_mean:9")
    view.server.complete()
    view.server.stop()
    assert "note: exporting into the cache" in notebook[-1]
    assert capsys.readouterr().out == ""
    n_pages = len(notebook)
    view = karospace_stream.show(made(16), genes="top_mean:9", progress=False)
    view.server.complete()
    view.server.stop()
    assert len(notebook) == n_pages
    assert "note: exporting into the cache" in capsys.readouterr().out


def test_elsewhere_it_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    complete(17)
    assert capsys.readouterr() == ("", "")
    complete(18, progress=True)
    assert "note: exporting into the cache" in capsys.readouterr().err


def test_a_stopped_export_ends_its_display(notebook: list[str]) -> None:
    server = karospace_stream.serve(made(19), port=0)
    server.stop()
    assert "<progress" not in notebook[-1]
