"""The only file that imports Dask: lazy graphs, and the schedulers that run them.

Dask by its public face only. Stages tell what a task is called by ``stage``; the part of a key
before the first colon is the stage, which is all that progress needs.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import dask.multiprocessing
import dask.threaded
import numpy as np
import numpy.typing as npt
from dask.callbacks import Callback
from scipy import sparse

from karospace_stream.errors import WorkerError
from karospace_stream.runtime.events import Listener, StageTotals, TaskDone
from karospace_stream.runtime.workers import WorkerContext

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEDULERS = ("threads", "processes", "sync")


class Tasks:
    """Names the lazy tasks of one run, so that two runs on one cluster do not meet."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._count: Counter[str] = Counter()

    def call(self, stage: str, function: Callable[..., Any], *args: Any) -> Any:
        """``function(*args)`` as a lazy task; arguments may be other tasks, or lists of them."""
        number = self._count[stage]
        self._count[stage] += 1
        return dask.delayed(function, pure=False)(*args, dask_key_name=f"{stage}:{self._run}:{number}")

    def constant(self, value: object) -> Any:
        """One value that many tasks share, held once in the graph."""
        return dask.delayed(value, traverse=False, pure=False, name=f"options:{secrets.token_hex(4)}")

    def over_blocks(self, stage: str, function: Callable[..., Any], blocks: Any, *args: Any) -> list[Any]:
        """``function(block, number, *args)`` for every block of rows; reading is fused into it."""
        name = f"{stage}:{self._run}"
        done = da.map_blocks(
            # As a partial, so that Dask does not look for tasks among thousands of gene names.
            partial(_one_block, function=function, args=args),
            blocks,
            dtype=object,
            meta=np.empty((0, 0), dtype=object),
            chunks=((1,) * len(blocks.chunks[0]), (1,)),
            name=name,
        )
        return [task[0, 0] for task in done.to_delayed().ravel()]


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
    meta = np.empty((0, 0), dtype=dtype) if dense else sparse.csr_matrix((0, 0), dtype=dtype)
    bounds = da.from_array(np.stack([cuts[:-1], cuts[1:]], axis=1), chunks=(1, 2))
    heights = tuple(np.diff(cuts).tolist())
    chunks = (heights, (n_genes,))
    return da.map_blocks(_read_block, bounds, read=read, dtype=dtype, meta=meta, chunks=chunks)


def gene_blocks(read: Callable[[int, int], Any], cuts: Sequence[int], n_cells: int, dtype: str) -> Any:
    """A lazy Dask array ``(n_cells, n_genes)`` of blocks of whole genes, ``scipy.sparse.csc_matrix``."""
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
    block: Any, *, function: Callable[..., Any], args: tuple[Any, ...], block_id: tuple[int, int]
) -> npt.NDArray[np.object_]:
    result = np.empty((1, 1), dtype=object)
    result[0, 0] = function(block, block_id[0], *args)
    return result


def run(tasks: Any, *, scheduler: str, workers: int, listener: Listener) -> Any:
    """Compute a task (or a list of them) and tell the listener how it goes."""
    with _pool(scheduler, workers) as options, _Progress(listener):
        try:
            return dask.compute(tasks, **options)[0]
        except BrokenProcessPool as error:
            raise WorkerError(
                "a worker process ended before its task did: most often the system has killed it for "
                "memory (give a smaller --memory or fewer --workers), or a Python script that exports "
                "with processes lacks its line: if __name__ == '__main__'"
            ) from error


@contextmanager
def _pool(scheduler: str, workers: int) -> Iterator[dict[str, Any]]:
    if scheduler == "sync":
        yield {"scheduler": dask.get}
        return
    pool: Executor
    if scheduler == "threads":
        pool = ThreadPoolExecutor(workers, thread_name_prefix="karospace")
    else:
        pool = ProcessPoolExecutor(workers, mp_context=WorkerContext())
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
        totals = Counter(_stage(key) for key in dsk)
        totals.pop("", None)
        self._listener(StageTotals(dict(totals)))

    def _posttask(self, key: Hashable, result: Any, dsk: Any, state: Any, worker_id: Any) -> None:
        if stage := _stage(key):
            self._listener(TaskDone(stage))


def _stage(key: Hashable) -> str:
    name = key[0] if isinstance(key, tuple) else key
    stage, colon, _ = str(name).partition(":")
    # Dask derives further names, such as "array-scatter:…", for what it adds.
    return stage if colon and stage.isalpha() and stage != "options" else ""
