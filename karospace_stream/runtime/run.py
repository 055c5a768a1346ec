"""Compute a graph: on threads, on processes, in this thread, or on a cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

import dask
import dask.multiprocessing
import dask.threaded
from dask.callbacks import Callback

from karospace_stream.errors import WorkerError
from karospace_stream.runtime import stop
from karospace_stream.runtime.events import Listener, StageTotals, TaskDone
from karospace_stream.runtime.graph import to_delayed
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.runtime.task import Task, stage_of
from karospace_stream.runtime.workers import WorkerContext, end_with_parent, start_tracker

T = TypeVar("T")


def run(
    task: Task[T],
    *,
    scheduler: str,
    workers: int,
    listener: Listener,
    required_paths: Sequence[str] = (),
    at_end: Callable[[], None] | None = None,
) -> T:
    """Compute a task and report progress to the listener.

    Parameters
    ----------
    scheduler
        One of `SCHEDULERS`, or the address of a cluster's.
    workers
        Tasks at once; on a cluster, in each worker process.
    required_paths
        Paths that the workers of a cluster have to share with this process.
    at_end
        Called in every worker process of a cluster once no task of the run is at work there.
    """
    if is_address(scheduler):
        from karospace_stream.runtime.cluster import run_on_cluster  # late: distributed takes its time

        found: T = run_on_cluster(
            task,
            address=scheduler,
            limit=workers,
            required_paths=required_paths,
            listener=listener,
            at_end=at_end,
        )
        return found
    with _pool(scheduler, workers) as options, _progress(listener):
        try:
            result: T = to_delayed(task).compute(**options)
            return result
        except BrokenProcessPool as error:
            stop.check()  # who asks all processes of a job to end has ended the workers too
            raise WorkerError(
                "a worker process ended during its task: usually the system killed it for using too much "
                "memory (give a smaller --memory or fewer --workers), or a Python script that exports "
                "with processes lacks the line: if __name__ == '__main__':"
            ) from error


@contextmanager
def session(scheduler: str) -> Iterator[None]:
    """Several runs on one scheduler: a cluster is connected to once."""
    if is_address(scheduler):
        from karospace_stream.runtime.cluster import connected

        with connected(scheduler):
            yield
    else:
        yield


@contextmanager
def _pool(scheduler: str, workers: int) -> Iterator[dict[str, Any]]:
    if scheduler == "sync":
        yield {"scheduler": dask.get}
        return
    pool: Executor
    if scheduler == "threads":
        pool = _Threads(workers, thread_name_prefix="karospace")
    else:
        start_tracker()
        pool = _Processes(workers, mp_context=WorkerContext(), initializer=end_with_parent)
    try:
        # As functions: for a name, Dask would first load all of distributed and look for a cluster.
        get = dask.threaded.get if scheduler == "threads" else dask.multiprocessing.get
        yield {"scheduler": get, "pool": pool, "num_workers": workers}
    finally:
        # On an error or Ctrl-C the tasks at work end first: nothing may be written after that.
        pool.shutdown(wait=True, cancel_futures=True)


class _WholeSubmit(Executor):
    """A pool that no signal interrupts while it starts a worker.

    It would never wait for a worker that it has started and not yet recorded.
    """

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        with stop.shielded():
            future = super().submit(*args, **kwargs)
        stop.check()
        return future


class _Threads(_WholeSubmit, ThreadPoolExecutor):
    """Threads of this process."""


class _Processes(_WholeSubmit, ProcessPoolExecutor):
    """Processes of this machine."""


def _progress(listener: Listener) -> Any:
    def started(graph: dict[Hashable, Any]) -> None:
        totals = Counter(stage_of(key) for key in graph)
        totals.pop("", None)
        listener(StageTotals(dict(totals)))

    def done(key: Hashable, result: Any, graph: Any, state: Any, worker_id: Any) -> None:
        stop.check()
        if stage := stage_of(key):
            listener(TaskDone(stage))

    return Callback(start=started, posttask=done)
