"""Lazy graphs, through Dask's public API only."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

import dask
import numpy as np
import numpy.typing as npt
from dask.delayed import Delayed
from scipy import sparse

from karospace_stream.runtime.task import Task


def constant_graph(key: str, value: object) -> dict[Hashable, Any]:
    """The graph of one value, which Dask does not look into."""
    made = dask.delayed(value, traverse=False, pure=False, name=key)
    return dict(made.__dask_graph__())


def block_graph(
    name: str, function: Callable[..., Any], blocks: Any, shared: Sequence[Task[Any]]
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


def to_delayed(task: Task[Any]) -> Any:
    """A task as Dask's ``Delayed``, which anyone can compute."""
    return Delayed(task.key, task.graph)


def row_blocks(
    read: Callable[[int, int], Any], cuts: Sequence[int], n_genes: int, dtype: str, *, dense: bool
) -> Any:
    """A lazy Dask array ``(n_cells, n_genes)`` of row blocks that are read when computed.

    Parameters
    ----------
    read
        ``read(start, stop)`` returns the rows as ``scipy.sparse.csr_matrix`` or ``ndarray``.
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
    """A lazy Dask array ``(n_cells, n_genes)`` of blocks of complete genes, ``scipy.sparse.csc_matrix``."""
    import dask.array as da

    meta = sparse.csc_matrix((0, 0), dtype=dtype)
    bounds = da.from_array(np.stack([cuts[:-1], cuts[1:]]), chunks=(2, 1))
    widths = tuple(np.diff(cuts).tolist())
    return da.map_blocks(_read_block, bounds, read=read, dtype=dtype, meta=meta, chunks=((n_cells,), widths))


def rechunk_rows(array: Any, cuts: Sequence[int]) -> Any:
    """A user's Dask array with all genes in one chunk, and rows cut as requested."""
    return array.rechunk((tuple(np.diff(cuts).tolist()), (array.shape[1],)))


def _read_block(bounds: npt.NDArray[np.int64], *, read: Callable[[int, int], Any]) -> Any:
    start, stop = bounds.ravel().tolist()
    return read(start, stop)


def _one_block(
    block: Any, *, function: Callable[..., Any], shared: Sequence[Any], block_id: tuple[int, int]
) -> Any:
    return function(block, block_id[0], *shared)
