"""One run on a cluster: what comes back, what is told, who waits, and how it ends when something fails."""

from __future__ import annotations

import itertools
import operator
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster
from distributed.security import Security

from karospace_stream.errors import BadOptionError, BudgetError, TargetError, WorkerError
from karospace_stream.runtime import worker_limit
from karospace_stream.runtime.cluster import adopt, connected, look
from karospace_stream.runtime.events import Event, StageTotals, TaskDone, WorkerPeak, ignore
from karospace_stream.runtime.graph import row_blocks
from karospace_stream.runtime.run import run
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.runtime.tasks import Tasks


def read(start: int, stop: int) -> np.ndarray[Any, Any]:
    return np.arange(start * 3, stop * 3, dtype="float32").reshape(-1, 3)


def total_of(block: Any, number: int, factor: int) -> tuple[int, float]:
    return number, factor * float(block.sum())


def test_results_and_what_is_told(near: str) -> None:
    tasks, events = Tasks(), list[Event]()
    blocks = row_blocks(read, (0, 4, 5, 9), 3, "float32", dense=True)
    sums = tasks.over_blocks("scatter", total_of, blocks, 10)
    more = [tasks.call("gather", operator.add, (index,), (index,)) for index in range(4)]
    last = tasks.call("seal", list, [*sums, *more, tasks.constant([1, 2])])
    result = run(last, scheduler=near, workers=2, listener=events.append)
    assert result == [(0, 660.0), (1, 390.0), (2, 2460.0), (0, 0), (1, 1), (2, 2), (3, 3), [1, 2]]
    assert events[0] == StageTotals({"scatter": 3, "gather": 4, "seal": 1})
    done = Counter(event.stage for event in events if isinstance(event, TaskDone))
    assert done == {"scatter": 3, "gather": 4, "seal": 1}
    peaks = [event.nbytes for event in events if isinstance(event, WorkerPeak)]
    assert peaks == sorted(peaks)
    assert peaks[-1] > 10_000_000


def waited(seen: list[int], number: int) -> int:
    with _LOCK:
        seen[0] += 1
        seen[1] = max(seen[1], seen[0])
    time.sleep(0.02)
    with _LOCK:
        seen[0] -= 1
    return number


_LOCK = threading.Lock()
_SEEN = [0, 0]


def at_once(number: int) -> int:
    return waited(_SEEN, number)


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_at_once_than_allowed(near: str, limit: int) -> None:
    """Both workers of this cluster are in one process, with six threads."""
    _SEEN[:] = [0, 0]
    tasks = Tasks()
    several = [tasks.call("work", at_once, number) for number in range(20)]
    last = tasks.call("all", list, several)
    assert run(last, scheduler=near, workers=limit, listener=ignore) == list(range(20))
    assert tuple(_SEEN) == (0, limit)


def fail(folder: str, kind: str, number: int) -> None:
    if number % 4 == 1:  # several, since tasks begin in any order
        raise {
            "target": TargetError("s3://x: full"),
            "budget": BudgetError("too small", budget_nbytes=1, needed_nbytes=2, stage="gather"),
            "own": ValueError("on purpose"),
        }[kind]
    work(folder, number)


def work(folder: str, number: int) -> None:
    (Path(folder) / f"{number}-began").touch()
    time.sleep(0.05)
    (Path(folder) / f"{number}-ended").touch()


@pytest.mark.parametrize("kind", ["target", "budget", "own"])
def test_errors_come_back_as_they_were_and_nothing_runs_on(near: str, kind: str, tmp_path: Path) -> None:
    tasks = Tasks()
    several = [tasks.call("work", fail, str(tmp_path), kind, number) for number in range(190)]
    with pytest.raises((TargetError, BudgetError, ValueError)) as caught:
        run(tasks.call("all", list, several), scheduler=near, workers=2, listener=ignore)
    assert str(caught.value) in ("s3://x: full", "too small", "on purpose")
    if isinstance(caught.value, BudgetError):
        assert (caught.value.needed_nbytes, caught.value.stage) == (2, "gather")
    before = sorted(path.name for path in tmp_path.iterdir())
    assert len(before) % 2 == 0  # what had begun has ended
    assert len(before) < 2 * 100  # and the rest, of 142 that would not fail, never began
    time.sleep(0.3)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_interrupt_ends_the_tasks(near: str, tmp_path: Path) -> None:
    tasks = Tasks()
    several = [tasks.call("work", work, str(tmp_path), number) for number in range(190)]

    def interrupt(event: Event) -> None:
        if isinstance(event, TaskDone):
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(tasks.call("all", list, several), scheduler=near, workers=2, listener=interrupt)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert len(before) % 2 == 0
    assert 0 < len(before) < 2 * 190
    time.sleep(0.3)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_task_that_runs_twice_is_told_of_once(near: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = worker_limit.WorkerLimit.call

    def twice(self: worker_limit.WorkerLimit, function: Any, *args: Any) -> Any:
        from distributed import get_worker

        get_worker().log_event(self.run, [function_key(self, args), 1])
        return real(self, function, *args)

    def function_key(self: worker_limit.WorkerLimit, args: Any) -> str:
        return "work:same:0"

    monkeypatch.setattr(worker_limit.WorkerLimit, "call", twice)
    events: list[Event] = []
    tasks = Tasks()
    several = [tasks.call("work", abs, -number) for number in range(3)]
    run(tasks.call("all", list, several), scheduler=near, workers=2, listener=events.append)
    # Three tasks, and one that was told of three times over.
    assert Counter(e.stage for e in events if isinstance(e, TaskDone)) == {"work": 4, "all": 1}


def test_a_path_that_a_worker_does_not_see(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_limit, "_SEEN_S", 0.1)
    task = Tasks().call("work", abs, -1)
    there, gone = str(tmp_path), str(tmp_path / "gone")
    with pytest.raises(WorkerError, match=r"cannot see .*gone; on a cluster, name a URL or a folder"):
        run(task, scheduler=near, workers=1, listener=ignore, required_paths=(there, gone))
    assert run(task, scheduler=near, workers=1, listener=ignore, required_paths=(there,)) == 1


def test_a_worker_of_another_version(near: str, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(["1.0", *["0.9"] * 10])
    monkeypatch.setattr(worker_limit, "own_version", lambda: next(versions))
    with pytest.raises(WorkerError, match=r"must have karospace-stream 1\.0, got 0\.9"):
        run(Tasks().call("work", abs, -1), scheduler=near, workers=1, listener=ignore)


def test_a_worker_that_leaves_as_the_run_begins(near: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = worker_limit.WorkerLimit.check, itertools.count()

    def check(self: worker_limit.WorkerLimit) -> None:
        if next(asked) == 0:
            raise OSError("the line is cut")
        real(self)

    monkeypatch.setattr(worker_limit.WorkerLimit, "check", check)
    assert run(Tasks().call("work", abs, -1), scheduler=near, workers=1, listener=ignore) == 1
    assert next(asked) > 1


def test_a_run_that_is_closed_lets_no_task_in() -> None:
    made = worker_limit.WorkerLimit("closed", 1, (), worker_limit.own_version())
    assert made.call(abs, -1)[0] == 1
    worker_limit.close("closed")
    with pytest.raises(WorkerError, match="has ended"):
        made.call(abs, -1)
    worker_limit.close("never seen here")
    with pytest.raises(WorkerError, match="has ended"):
        worker_limit.WorkerLimit("never seen here", 1, (), worker_limit.own_version()).call(abs, -1)
    assert not worker_limit.is_busy("closed")


def test_no_scheduler_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karospace_stream.runtime.cluster._CONNECT_S", 0.5)
    with pytest.raises(BadOptionError, match=r"--scheduler tcp://127\.0\.0\.1:9: no scheduler answers"):
        look("tcp://127.0.0.1:9", wait=False)


def test_what_there_is(near: str) -> None:
    there = look(near, wait=True)
    assert (there.n_workers, there.n_threads, there.memory_nbytes) == (2, 3, 2 << 30)


def test_a_client_of_the_users_is_used_and_stays(near: str) -> None:
    with Client(near, set_as_default=False) as client:
        assert adopt(client) == near
        with connected(near) as used:
            assert used is client
        assert run(Tasks().call("work", abs, -1), scheduler=near, workers=1, listener=ignore) == 1
        assert client.status == "running"
    with connected(near) as other:  # that one is closed
        assert other is not client
    with pytest.raises(BadOptionError, match=r"distributed\.Client; got int"):
        adopt(5)


def test_a_scheduler_behind_tls() -> None:
    security = Security.temporary()
    with (
        LocalCluster(
            n_workers=1, processes=False, protocol="tls://", security=security, dashboard_address=":0"
        ) as safe,
        Client(safe, set_as_default=False) as client,
    ):
        address = adopt(client)
        assert address.startswith("tls://")
        assert is_address(address)
        assert run(Tasks().call("work", abs, -1), scheduler=address, workers=1, listener=ignore) == 1


def vanish() -> None:
    os._exit(1)


def test_a_task_that_ends_its_worker_each_time(cluster: Any) -> None:
    with pytest.raises(WorkerError, match=r"4 worker processes ended during one task \(work\)"):
        run(Tasks().call("work", vanish), scheduler=cluster.address, workers=1, listener=ignore)
