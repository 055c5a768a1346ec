"""Graphs, the schedulers that run them, and what is told on the way."""

from __future__ import annotations

import operator
import os
import pickle
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from scipy import sparse

from karospace_stream.errors import WorkerError
from karospace_stream.runtime.events import Event, StageTotals, TaskDone, ignore
from karospace_stream.runtime.graph import gene_blocks, rechunk_rows, row_blocks
from karospace_stream.runtime.memory import PeakMemory
from karospace_stream.runtime.run import run
from karospace_stream.runtime.schedulers import SCHEDULERS
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks


def read(start: int, stop: int) -> np.ndarray[Any, Any]:
    return np.arange(start * 3, stop * 3, dtype="float32").reshape(-1, 3)


def total_of(block: Any, number: int, factor: int) -> tuple[int, float]:
    return number, factor * float(block.sum())


def graph() -> Task:
    tasks = Tasks()
    blocks = row_blocks(read, (0, 4, 5, 9), 3, "float32", dense=True)
    sums = tasks.over_blocks("scatter", total_of, blocks, 10)
    more = [tasks.call("gather", operator.add, (index,), (index,)) for index in range(4)]
    shared = tasks.constant([1, 2])
    return tasks.call("seal", list, (tasks.call("seal", list, sums), more, shared))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_every_scheduler_gives_the_same_and_tells_of_each_task(scheduler: str) -> None:
    events: list[Event] = []
    result = run(graph(), scheduler=scheduler, workers=2, listener=events.append)
    sums = [(0, 660.0), (1, 390.0), (2, 2460.0)]
    assert result == [sums, [(0, 0), (1, 1), (2, 2), (3, 3)], [1, 2]]
    assert events[0] == StageTotals({"scatter": 3, "gather": 4, "seal": 2})
    done = Counter(event.stage for event in events[1:] if isinstance(event, TaskDone))
    assert done == {"scatter": 3, "gather": 4, "seal": 2}


def test_lazy_matrices() -> None:
    dense = row_blocks(read, (0, 4, 9), 3, "float32", dense=True)
    assert (dense.shape, dense.dtype, dense.chunks) == ((9, 3), np.float32, ((4, 5), (3,)))
    np.testing.assert_array_equal(dense.compute(scheduler="sync"), read(0, 9))
    rows = row_blocks(lambda a, b: sparse.csr_matrix(read(a, b)), (0, 4, 9), 3, "float32", dense=False)
    assert isinstance(rows._meta, sparse.csr_matrix)
    np.testing.assert_array_equal(rows.compute(scheduler="sync").toarray(), read(0, 9))
    whole = read(0, 9)
    genes = gene_blocks(lambda a, b: sparse.csc_matrix(whole[:, a:b]), (0, 1, 3), 9, "float32")
    assert genes.chunks == ((9,), (1, 2))
    np.testing.assert_array_equal(genes.compute(scheduler="sync").toarray(), whole)
    assert rechunk_rows(dense.rechunk((2, 1)), (0, 1, 9)).chunks == ((1, 8), (3,))


def test_nothing_is_read_before_it_is_computed() -> None:
    def never(start: int, stop: int) -> Any:
        raise AssertionError("read")

    row_blocks(never, (0, 4, 9), 3, "float32", dense=True)


def fail(started: str, ended: str, number: int) -> None:
    if number % 10 == 5:  # Dask decides which comes first
        raise ValueError("on purpose")
    with Path(started).open("a") as file:
        file.write("x")
    time.sleep(0.05)
    with Path(ended).open("a") as file:
        file.write("x")


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_after_an_error_nothing_runs_on(scheduler: str, tmp_path: Path) -> None:
    tasks = Tasks()
    started, ended = tmp_path / "started", tmp_path / "ended"
    several = [tasks.call("work", fail, str(started), str(ended), number) for number in range(40)]
    with pytest.raises(ValueError, match="on purpose"):
        run(tasks.call("all", list, several), scheduler=scheduler, workers=2, listener=ignore)
    before = [path.stat().st_size if path.exists() else 0 for path in (started, ended)]
    assert before[0] == before[1] < 36  # what had begun has ended, and the rest never began
    time.sleep(0.2)
    assert [path.stat().st_size if path.exists() else 0 for path in (started, ended)] == before
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("karospace")]


def vanish() -> None:
    os._exit(1)  # as a worker that the system kills


def test_a_worker_that_is_killed_is_told_in_one_sentence() -> None:
    with pytest.raises(WorkerError, match="a worker process ended during its task"):
        run(Tasks().call("work", vanish), scheduler="processes", workers=1, listener=ignore)


def test_blocks_may_be_given_what_another_task_makes() -> None:
    tasks = Tasks()
    blocks = row_blocks(read, (0, 4, 5, 9), 3, "float32", dense=True)
    factor = tasks.call("means", operator.add, 4, 6)
    given, plain = (tasks.over_blocks("scatter", total_of, blocks, each) for each in (factor, 10))
    assert _computed(tasks.call("seal", list, [given, plain])) == [[(0, 660.0), (1, 390.0), (2, 2460.0)]] * 2


def _computed(task: Task) -> Any:
    return run(task, scheduler="sync", workers=1, listener=ignore)


def test_arguments_are_given_as_they_are() -> None:
    def show(*args: Any) -> Any:
        return args

    tasks = Tasks()
    one = tasks.call("work", list, (1,))
    awkward = (abs, -1), [one, (2, [one])], one.key, {"a": one.key}, None
    assert _computed(tasks.call("work", show, *awkward)) == (
        (abs, -1),
        [[1], (2, [[1]])],
        one.key,
        {"a": one.key},
        None,
    )


def test_a_graph_grows_with_its_tasks_and_no_faster() -> None:
    def size(n: int) -> int:
        tasks = Tasks()
        index = tasks.call("gather", list, [tasks.call("scatter", abs, number) for number in range(n)])
        several = [tasks.call("gather", operator.getitem, index, number) for number in range(n)]
        return len(pickle.dumps(tasks.call("seal", list, several).graph))

    assert size(4_000) < 4.5 * size(1_000)
    assert size(4_000) < 4_000 * 200


def test_two_runs_do_not_share_names() -> None:
    one, other = Tasks().call("scatter", abs, -1), Tasks().call("scatter", abs, -1)
    assert one.key != other.key


def test_the_peak_is_seen() -> None:
    with PeakMemory() as memory:
        block = np.ones(60_000_000, np.uint8)
        held = psutil.Process().memory_info().rss  # processes that others have started come and go
        time.sleep(0.15)
        del block
    assert memory.nbytes >= held
