"""The same graph on ``dask.distributed``, through its public API only.

The client sends one graph and hears when tasks are done; their results stay on the workers. Tasks lost
with their worker run again there, so a task may run twice: each file that it writes appears completely or
not at all, and is the same each time.
"""

from __future__ import annotations

import asyncio
import queue
import secrets
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, get_worker

from karospace_stream.errors import BadOptionError, WorkerError
from karospace_stream.runtime import worker_limit
from karospace_stream.runtime.events import Listener, StageTotals, TaskDone, WorkerPeak
from karospace_stream.runtime.graph import to_delayed
from karospace_stream.runtime.task import Task, stage_of
from karospace_stream.runtime.worker_limit import WorkerLimit

_CONNECT_S = 30
_FIRST_WORKER_S = 120
_LISTEN_S = 0.5
_ENDED_S = 0.05

Heard = queue.SimpleQueue[tuple[str, int] | None]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers that there are now.

    Attributes
    ----------
    n_workers
        Worker processes; 0 if none has joined yet.
    n_threads
        Of the one that has most.
    memory_nbytes
        Smallest memory limit of a worker, above which it is ended; 0 if there is no limit, or no worker.
    """

    n_workers: int
    n_threads: int
    memory_nbytes: int


def adopt(client: object) -> str:
    """Use the caller's client for all runs on its scheduler; returns the address.

    Raises
    ------
    BadOptionError
        If it is no client, or none that can be waited for.
    """
    if not isinstance(client, Client):
        raise BadOptionError(
            "--scheduler must be threads, processes, sync, an address such as tcp://10.0.0.1:8786, or a "
            f"distributed.Client; got {type(client).__qualname__}"
        )
    if client.asynchronous or client.scheduler is None:
        raise BadOptionError(
            "the Client must not be asynchronous, because an export waits for its tasks; give another"
        )
    address: str = client.scheduler.address
    _CLIENTS[address] = client
    return address


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler: an existing one, or a new one for the time of the block.

    Raises
    ------
    BadOptionError
        If no scheduler answers.
    """
    known = _CLIENTS.get(address)
    if known is not None and known.status == "running":
        yield known
        return
    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False, name="karospace-stream")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise BadOptionError(f"--scheduler {address}: no scheduler answers there: {error}") from error
    with client:
        _CLIENTS[address] = client
        try:
            yield client
        finally:
            del _CLIENTS[address]


def look(address: str, *, wait: bool) -> Cluster:
    """Query the workers.

    Parameters
    ----------
    wait
        Wait for the first one if there is none. A task is waiting then, which makes a cluster that grows
        with its work begin to grow.

    Raises
    ------
    BadOptionError
        If no scheduler answers, or no worker joins.
    """
    with connected(address) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        if not workers and wait:
            _wait_for_one(client, address)
            workers = client.scheduler_info(n_workers=-1)["workers"]
        limits = [each["memory_limit"] for each in workers.values() if each["memory_limit"]]
        threads = [each["nthreads"] for each in workers.values()]
        return Cluster(len(workers), max(threads, default=0), min(limits, default=0))


def _wait_for_one(client: Client, address: str) -> None:
    try:
        client.submit(worker_limit.own_version, pure=False).result(timeout=_FIRST_WORKER_S)
    except TimeoutError as error:
        raise BadOptionError(
            f"--scheduler {address}: no worker joined within {_FIRST_WORKER_S} s; start workers, or give "
            "--memory and --workers"
        ) from error


def run_on_cluster(
    task: Task[Any],
    *,
    address: str,
    limit: int,
    required_paths: Sequence[str],
    listener: Listener,
    at_end: Callable[[], None] | None = None,
) -> Any:
    """Compute a task on the workers, and report progress to the listener.

    Parameters
    ----------
    limit
        Tasks at once in a worker process.
    required_paths
        Paths that the workers have to share with the client.
    at_end
        Called in every worker process once no task of the run is at work there.

    Raises
    ------
    WorkerError
        If the cluster fails more often than it repairs itself.
    """
    limiter = WorkerLimit(secrets.token_hex(8), limit, tuple(required_paths), worker_limit.own_version())
    totals = Counter(filter(None, map(stage_of, task.graph)))
    graph = {key: _limited(limiter, key, spec) for key, spec in task.graph.items()}
    heard: Heard = queue.SimpleQueue()
    with connected(address) as client, _said_plainly(address):
        _check(client, limiter)
        client.subscribe_topic(limiter.run, lambda event: heard.put(tuple(event[1])))
        # The warning is about data that is sent again and again; ours is sent once.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
            future = client.compute(to_delayed(Task(task.key, graph)))
        future.add_done_callback(lambda done: heard.put(None))
        try:
            listener(StageTotals(dict(totals)))
            reported = _listen(heard, listener)
            result = future.result()
        finally:
            _end(client, limiter, future, at_end)
    for stage in (totals - reported).elements():  # tasks that Dask made from a user's array send no events
        listener(TaskDone(stage))
    return result


def _check(client: Client, limiter: WorkerLimit) -> None:
    """Check whether the workers can run our tasks; those that join later check themselves."""
    for problem in client.run(limiter.check, on_error="return").values():
        # Clusters shrink: a worker may have left a moment ago, which is no reason to give up.
        if isinstance(problem, Exception) and not isinstance(problem, OSError):
            raise problem


def _listen(heard: Heard, listener: Listener) -> Counter[str]:
    """Forward events until the last task has ended; returns the number of reported tasks of each stage.

    A task that ran twice is reported once.
    """
    done: set[str] = set()
    peak = 0
    while (event := _next(heard)) is not None:
        key, nbytes = event
        if key not in done:
            done.add(key)
            listener(TaskDone(stage_of(key)))
        if nbytes > peak:
            peak = nbytes
            listener(WorkerPeak(nbytes))
    return Counter(map(stage_of, done))


def _next(heard: Heard) -> tuple[str, int] | None:
    while True:
        with suppress(queue.Empty):  # without end it could not be interrupted on Windows
            return heard.get(timeout=_LISTEN_S)


def _end(client: Client, limiter: WorkerLimit, future: Future, at_end: Callable[[], None] | None) -> None:
    """Stop starting tasks, and wait for the running ones: afterwards nothing may be written."""
    with suppress(OSError):
        if future.status != "finished":
            client.cancel([future], force=True)
        client.run(_wait_until_ended, limiter.run, on_error="ignore")
        if at_end is not None:
            client.run(at_end, on_error="ignore")
        client.unsubscribe_topic(limiter.run)


async def _wait_until_ended(run: str) -> None:
    worker_limit.close(run)
    while worker_limit.is_busy(run):
        await asyncio.sleep(_ENDED_S)


@contextmanager
def _said_plainly(address: str) -> Iterator[None]:
    """Errors of the cluster in one sentence; those of tasks are as they were raised."""
    try:
        yield
    except KilledWorker as error:
        raise WorkerError(
            f"{error.allowed_failures + 1} worker processes ended during one task "
            f"({stage_of(error.task)}), usually killed for using too much memory; give a smaller --memory "
            "or fewer --workers, or start workers with more memory"
        ) from error
    except CancelledError as error:
        raise WorkerError(f"{address}: the scheduler lost the export ({error}); was it restarted?") from error
    except ModuleNotFoundError as error:
        raise WorkerError(
            f"{address}: {error}; install karospace-stream on all workers, with the same extras"
        ) from error
    except RuntimeError as error:
        if "deserialization of the task graph" not in str(error):
            raise
        raise WorkerError(
            f"{address}: karospace-stream must be installed where the scheduler runs"
        ) from error


@dataclass(frozen=True, slots=True)
class _Limited:
    """A task that waits for its turn, and reports its end."""

    limiter: WorkerLimit
    key: str
    call: Callable[..., Any]

    def __call__(self, *args: Any) -> Any:
        result, peak_nbytes = self.limiter.call(self.call, *args)
        get_worker().log_event(self.limiter.run, [self.key, peak_nbytes])
        return result


def _limited(limiter: WorkerLimit, key: Hashable, spec: Any) -> Any:
    """A task of ours; tasks that Dask added for a user's array stay unchanged."""
    if isinstance(key, str) and stage_of(key):
        return (_Limited(limiter, key, spec[0]), *spec[1:])
    return spec


_CLIENTS: dict[str, Client] = {}
