"""Progress where nobody watches: a plain line now and then."""

from __future__ import annotations

import pytest

from karospace_stream.cli import progress as room
from karospace_stream.runtime.events import Note, StageTotals, TaskDone


def test_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(room, "_PLAIN_EVERY_S", 0.0)
    with room.progress(quiet=False) as listener:
        listener(Note("two genes are called A"))
        listener(StageTotals({"scatter": 2, "gather": 1}))
        for stage in ("scatter", "scatter", "gather"):
            listener(TaskDone(stage))
    seen = capsys.readouterr()
    assert seen.out == ""
    lines = seen.err.splitlines()
    assert lines[0] == "note: two genes are called A"
    assert lines[1].startswith("1/3 tasks (reading and turning 1/2), ")
    assert " tasks/s, about " in lines[1]
    assert " left, memory " in lines[1]
    assert lines[3].startswith("3/3 tasks ")


def test_lines_are_not_too_many(capsys: pytest.CaptureFixture[str]) -> None:
    with room.progress(quiet=False) as listener:
        listener(StageTotals({"gather": 10_000}))
        for _ in range(10_000):
            listener(TaskDone("gather"))
    assert len(capsys.readouterr().err.splitlines()) <= 2


def test_quiet_still_tells_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    with room.progress(quiet=True) as listener:
        listener(StageTotals({"gather": 1}))
        listener(TaskDone("gather"))
        listener(Note("mind this"))
    assert capsys.readouterr().err == "note: mind this\n"
