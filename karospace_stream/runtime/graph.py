"""The only file that imports Dask: lazy graphs, and the schedulers that run them.

Dask by its public face only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import dask
import dask.multiprocessing
import dask.threaded
import numpy as np
import numpy.typing as npt
from dask.callbacks import Callback
from dask.delayed import Delayed
from scipy import sparse

from karospace_stream.errors import WorkerError
from karospace_stream.runtime import stop
from karospace_stream.runtime.events import Listener, StageTotals, TaskDone
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.runtime.workers import WorkerContext, end_with_parent, start_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from karospace_stream.runtime.tasks import Task


def constant_graph(key: str, value: object) -> dict[Hashable, Any]:
    """The graph of one value, which Dask does not look into."""
    made = dask.delayed(value, traverse=False, pure=False, name=key)
    return dict(made.__dask_graph__())


def block_graph(
    name: str, function: Callable[..., Any], blocks: Any, shared: Sequence[Task]
) -> tuple[list[Hashable], dict[Hashable, Any]]:
    """``function(block, number, *shared)`` for every block of rows: keys of the results, and the graph."""
    import dask.array as da  # late, here and below: it takes a third of a start, and workers need none of it

    done = da.map_blocks(
        partial(_one_block, function=function),
        blocks,
        # As lazy values: Dask neither looks into them nor sends them once a block.
        shared=list(map(to_delayed, shared)),
        dtype=object,
        meta=np.empty((0, 0), dtype=object),
        chunks=((1,) * len(blocks.chunks[0]), (1,)),
        name=name,
    )
    (made,) = dask.optimize(done)
    return [row[0] for row in made.__dask_keys__()], dict(made.__dask_graph__())


def to_delayed(task: Task) -> Any:
    """A task as Dask's ``Delayed``, which anyone can compute."""
    return Delayed(task.key, task.graph)


def row_blocks(
    read: Callable[[int, int], Any], cuts: Sequence[int], n_genes: int, dtype: str, *, dense: bool
) -> Any:
    """A lazy Dask array ``(n_cells, n_genes)`` of row blocks that are read when computed.

    Parameters
    ----------
    read
        ``read(start, stop)`` gives the rows as ``scipy.sparse.csr_matrix`` or ``ndarray``.
    cuts
        Bounds of the blocks, from 0 to the number of cells.
    """
    import dask.array as da

    meta = np.empty((0, 0), dtype=dtype) if dense else sparse.csr_matrix((0, 0), dtype=dtype)
    bounds = da.from_array(np.stack([cuts[:-1], cuts[1:]], axis=1), chunks=(1, 2))
    heights = tuple(np.diff(cuts).tolist())
    chunks = (heights, (n_genes,))
    return da.map_blocks(_read_block, bounds, read=read, dtype=dtype, meta=meta, chunks=chunks)


def gene_blocks(read: Callable[[int, int], Any], cuts: Sequence[int], n_cells: int, dtype: str) -> Any:
    """A lazy Dask array ``(n_cells, n_genes)`` of blocks of whole genes, ``scipy.sparse.csc_matrix``."""
    import dask.array as da

    meta = sparse.csc_matrix((0, 0), dtype=dtype)
    bounds = da.from_array(np.stack([cuts[:-1], cuts[1:]]), chunks=(2, 1))
    widths = tuple(np.diff(cuts).tolist())
    return da.map_blocks(_read_block, bounds, read=read, dtype=dtype, meta=meta, chunks=((n_cells,), widths))


def rechunk_rows(array: Any, cuts: Sequence[int]) -> Any:
    """A user's Dask array with all genes in one chunk, and rows cut as given."""
    return array.rechunk((tuple(np.diff(cuts).tolist()), (array.shape[1],)))


def _read_block(bounds: npt.NDArray[np.int64], *, read: Callable[[int, int], Any]) -> Any:
    start, stop = bounds.ravel().tolist()
    return read(start, stop)


def _one_block(
    block: Any, *, function: Callable[..., Any], shared: Sequence[Any], block_id: tuple[int, int]
) -> Any:
    return function(block, block_id[0], *shared)


def run(task: Task, *, scheduler: str, workers: int, listener: Listener, must_see: Sequence[str] = ()) -> Any:
    """Compute a task and tell the listener how it goes.

    Parameters
    ----------
    scheduler
        One of `SCHEDULERS`, or the address of a cluster's.
    workers
        Tasks at once; on a cluster, in each worker process.
    must_see
        Paths that the workers of a cluster have to share with this process.
    """
    if is_address(scheduler):
        from karospace_stream.runtime.cluster import run_on_cluster  # late: distributed takes its time

        return run_on_cluster(task, address=scheduler, limit=workers, must_see=must_see, listener=listener)
    with _pool(scheduler, workers) as options, _Progress(listener):
        try:
            return to_delayed(task).compute(**options)
        except BrokenProcessPool as error:
            stop.check()  # who asks all processes of a job to end has ended the workers too
            raise WorkerError(
                "a worker process ended before its task did: most often the system has killed it for "
                "memory (give a smaller --memory or fewer --workers), or a Python script that exports "
                "with processes lacks its line: if __name__ == '__main__'"
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
        pool = ThreadPoolExecutor(workers, thread_name_prefix="karospace")
    else:
        start_tracker()
        pool = ProcessPoolExecutor(workers, mp_context=WorkerContext(), initializer=end_with_parent)
    try:
        # As functions: for a name, Dask would first load all of distributed and look for a cluster.
        get = dask.threaded.get if scheduler == "threads" else dask.multiprocessing.get
        yield {"scheduler": get, "pool": pool, "num_workers": workers}
    finally:
        # On an error or Ctrl-C the tasks at work end first: nothing may be written after that.
        pool.shutdown(wait=True, cancel_futures=True)


class _Progress(Callback):  # type: ignore[misc] # Dask has no types
    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener

    def _start(self, dsk: dict[Hashable, Any]) -> None:
        totals = Counter(stage_of(key) for key in dsk)
        totals.pop("", None)
        self._listener(StageTotals(dict(totals)))

    def _posttask(self, key: Hashable, result: Any, dsk: Any, state: Any, worker_id: Any) -> None:
        stop.check()
        if stage := stage_of(key):
            self._listener(TaskDone(stage))


def stage_of(key: Hashable) -> str:
    """The stage of a task; empty for what is none of ours."""
    name = key[0] if isinstance(key, tuple) else key
    stage, colon, _ = str(name).partition(":")
    # Dask derives further names, such as "array-scatter:…", for what it adds.
    return stage if colon and stage.isalpha() and stage != "options" else ""
