"""Progress: one bar on a terminal, one display in a notebook, a plain line now and then elsewhere."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.cli import main
from karospace_stream.progress import cell, lines, shown
from karospace_stream.progress.tally import Tally
from karospace_stream.runtime.events import Event, Note, StageTotals, TaskDone, WorkerPeak
from tests.progress.conftest import Terminal


def small() -> anndata.AnnData:
    return anndata.AnnData(
        np.ones((9, 4), np.float32), obsm={"X_umap": np.random.default_rng(0).random((9, 2))}
    )


def test_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(lines, "_EVERY_S", 0.0)
    with shown.terminal_progress(quiet=False) as listener:
        listener(Note("two genes are called A"))
        listener(StageTotals({"scatter": 2, "gather": 1}))
        for stage in ("scatter", "scatter", "gather"):
            listener(TaskDone(stage))
    seen = capsys.readouterr()
    assert seen.out == ""
    told = seen.err.splitlines()
    assert told[0] == "note: two genes are called A"
    assert told[1].startswith("1/3 tasks (reading and transposing 1/2), about ")
    assert " left, memory " in told[1]
    assert told[3].startswith("3/3 tasks ")


def test_lines_are_not_too_many(capsys: pytest.CaptureFixture[str]) -> None:
    with shown.terminal_progress(quiet=False) as listener:
        listener(StageTotals({"gather": 10_000}))
        for _ in range(10_000):
            listener(TaskDone("gather"))
    assert len(capsys.readouterr().err.splitlines()) <= 2


def test_quiet_exports_show_no_progress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(lines, "_EVERY_S", 0.0)  # a line for each task, if any
    small().write_h5ad(tmp_path / "in.h5ad")
    for words, is_quiet in (([], False), (["-q"], True)):
        with pytest.raises(SystemExit) as ended:
            main(["export", str(tmp_path / "in.h5ad"), str(tmp_path / str(is_quiet)), *words])
        assert not ended.value.code
        assert (" tasks (" in capsys.readouterr().err) != is_quiet


def test_quiet_still_tells_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    with shown.terminal_progress(quiet=True) as listener:
        listener(StageTotals({"gather": 1}))
        listener(TaskDone("gather"))
        listener(Note("mind this"))
    assert capsys.readouterr().err == "note: mind this\n"


def test_one_bar_for_all_stages(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)  # here, since every phase of a test has its own
    with shown.terminal_progress(quiet=False) as listener:
        listener(StageTotals({"means": 1}))
        listener(TaskDone("means"))
        listener(StageTotals({"scatter": 2, "gather": 1}))
        listener(Note("mind this"))
        listener(TaskDone("scatter"))
    text = terminal.getvalue()
    assert "note: mind this" in text
    frames = [frame for frame in text.split("\r") if "%" in frame]
    assert "50%" in frames[-1]  # two of four tasks
    assert "left" in frames[-1]
    assert all(frame.count("%") == 1 for frame in frames)
    assert "reading and transposing 1/2" in text


def test_notes_hang_on_a_terminal_and_are_one_line_elsewhere(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note = Note("the column is left out, since " + " ".join(["it has too many categories"] * 3))
    monkeypatch.delenv("COLUMNS")
    for quiet in (False, True):
        with shown.terminal_progress(quiet) as listener:
            listener(note)
        assert capsys.readouterr().err.splitlines() == [f"note: {note.text}"]
    monkeypatch.setenv("COLUMNS", "60")
    expected = [
        "note: the column is left out, since it has too many",
        "  categories it has too many categories it has too many",
        "  categories",
    ]
    for quiet in (False, True):
        with shown.terminal_progress(quiet) as listener:
            listener(note)
        assert capsys.readouterr().err.splitlines() == expected
    monkeypatch.setattr(sys, "stderr", terminal)
    with shown.terminal_progress(quiet=False) as listener:
        listener(note)
    assert "\n".join(expected) in terminal.getvalue()


def test_the_peak_of_workers_is_their_memory() -> None:
    tally = Tally()
    assert (tally.stage, tally.left) == ("starting", "")
    tally.hear(WorkerPeak(3 * 10**9))
    assert tally.memory == "3 GB"


def test_functions_show_progress_where_somebody_watches(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    karospace_stream.export(small(), tmp_path / "a")
    assert "%" in terminal.getvalue()
    before = len(terminal.getvalue())
    heard: list[Event] = []
    karospace_stream.export(small(), tmp_path / "b", progress=False)
    karospace_stream.export(small(), tmp_path / "c", listener=heard.append)
    assert len(terminal.getvalue()) == before
    assert any(isinstance(event, TaskDone) for event in heard)
    assert karospace_stream.verify(tmp_path / "a")
    assert len(terminal.getvalue()) > before


def test_prepare_shows_progress_or_warns(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(out: str, **options: Any) -> None:
        cells = pd.DataFrame({"n": [1.0, 2.0, 3.0]}, index=list("abc"))
        genes = pd.DataFrame(index=["A"])
        values = np.float32([[0.5], [1.5], [2.5]])
        points = {"latent_space": np.ones((3, 2)), "X_umap_2d": np.ones((3, 2))}
        karospace_stream.prepare(
            obs=cells, var=genes, gene_expression=values, gene_identifiers=["A", "B"], out_dir=tmp_path / out,
            **points, **options,
        )  # fmt: skip

    with pytest.warns(UserWarning, match="'B'") as warned:
        prepare("a")
    assert warned[0].filename == __file__
    monkeypatch.setattr(sys, "stderr", terminal)
    prepare("b")  # any warning would be an error
    assert "%" in terminal.getvalue()
    assert "'B'" in terminal.getvalue()
    before = len(terminal.getvalue())
    with pytest.warns(UserWarning, match="'B'"):
        prepare("c", progress=False)
    assert len(terminal.getvalue()) == before


def test_functions_are_silent_elsewhere(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    karospace_stream.export(small(), tmp_path / "a")
    assert capsys.readouterr() == ("", "")
    karospace_stream.export(small(), tmp_path / "b", genes="top_mean:9", progress=True)
    assert capsys.readouterr().err.startswith("note: ")


def test_a_notebook_has_one_display(notebook: list[str], tmp_path: Path) -> None:
    karospace_stream.export(small(), tmp_path / "a", genes="top_mean:9")
    bars = [ET.fromstring(page).find("progress") for page in notebook]
    assert bars[0] is not None
    assert {bar.get("max") for bar in bars[3:-1] if bar is not None} != set()
    assert bars[-1] is None
    assert "fewer" not in notebook[-1]
    assert "note: " in notebook[-1]


def test_names_are_escaped_in_a_notebook() -> None:
    page = cell.page(Tally(), ["note: <b>x</b>"], running=False)
    assert [each.text for each in ET.fromstring(page)] == ["note: <b>x</b>"]


def test_without_ipython_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    load = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        assert name != "IPython"
        return load(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert not cell.in_notebook()
