"""Default memory budget and workers, and what idle processes need."""

from __future__ import annotations

import os

from karospace_stream.runtime.limits import free_nbytes
from karospace_stream.runtime.schedulers import is_address

#: An idle process with everything imported: 135 MB measured, and room for the allocator, for
#: thread stacks and for what the interpreter does not give back.
PROCESS_NBYTES = 230_000_000
#: A further worker process, idle, with what its tasks import.
WORKER_NBYTES = 190_000_000
#: A worker process of a cluster, idle: 145 MB measured with everything imported, and the same room.
CLUSTER_WORKER_NBYTES = 250_000_000
#: What a process takes more that talks to object stores: 43 MB measured, of libraries and connections.
STORE_NBYTES = 60_000_000
_DEFAULT_SHARE = 0.5


def default_budget_nbytes() -> int:
    """Half of what is free."""
    return int(free_nbytes() * _DEFAULT_SHARE)


def default_workers() -> int:
    """One for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def idle_nbytes(scheduler: str, workers: int, n_chunks: int, n_cells_selected: int, n_categories: int) -> int:
    """What all processes need besides their tasks: themselves, the receipts, the manifests.

    On a cluster, what one of them needs: the one that seals, where all receipts come together.

    Parameters
    ----------
    n_chunks
        Parts of all genes.
    n_cells_selected
        Cells, where only some are exported; 0 where all are.
    n_categories
        Of all exported columns together.
    """
    receipts = n_chunks * 2_200  # receipt, manifest entry and its text
    cells = 16 * n_cells_selected
    labels = 200 * n_categories  # a Python string each, and what it is made from
    if is_address(scheduler):
        # Each constant of the graph holds the cells; it is there as it came, and packed for other workers.
        return CLUSTER_WORKER_NBYTES + 2 * receipts + 3 * cells + labels
    if scheduler == "processes":
        workers_nbytes = workers * (WORKER_NBYTES + 2 * cells + labels)
        return PROCESS_NBYTES + workers_nbytes + 2 * receipts + cells + labels
    return PROCESS_NBYTES + receipts + cells + labels
