"""A signal that comes while a worker is being started: the run still ends only after its tasks have ended."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest

from karospace_stream.runtime import stop
from karospace_stream.runtime.run import run
from karospace_stream.runtime.task import Task


@pytest.fixture
def watched() -> Iterator[None]:
    stop.watch(lambda: None)
    yield
    stop.unwatch()


def _write_late(path: Path) -> None:
    time.sleep(0.3)
    path.write_text("written")


@pytest.mark.usefixtures("watched")
def test_no_thread_outlives_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name.startswith("karospace"):  # the pool has not recorded this thread yet
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    late = dask.delayed(_write_late)(tmp_path / "late")
    task = Task(late.key, dict(late.__dask_graph__()))
    with pytest.raises(stop.Stopped):
        run(task, scheduler="threads", workers=2, listener=lambda event: None)
    monkeypatch.undo()
    before = [path.name for path in tmp_path.iterdir()]
    time.sleep(0.6)
    assert [path.name for path in tmp_path.iterdir()] == before
