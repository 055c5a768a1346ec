"""A signal after an export has made its files, and before the block that removes them is entered."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.pipeline import run as running
from karospace_stream.testing.synth import write_synthetic
from tests.cli.test_commands import run

_KEPT: list[Any] = []  # as a traceback keeps what it passes


class _Interrupted:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.real = _START(*args, **kwargs)
        _KEPT.append(self.real)

    def __enter__(self) -> None:
        self.real.__enter__()
        signal.raise_signal(signal.SIGINT)

    def __exit__(self, *why: object) -> None:
        raise AssertionError("never entered")


_START = running.start


def test_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_synthetic(tmp_path / "in.h5ad", n_cells=300, n_genes=20)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(running, "start", _Interrupted)
    done = run("export", tmp_path / "in.h5ad", tmp_path / "out", "--strategy", "spill", "-q")
    assert (done.returncode, "nothing was left behind" in done.stderr) == (130, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.h5ad", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []
    _KEPT.clear()
