"""Default memory budget and workers, and what idle processes need."""

from __future__ import annotations

import os

from karospace_stream.inputs.tables.spill import MOST_SENT_NBYTES
from karospace_stream.model.catalog import Catalog
from karospace_stream.runtime.limits import free_nbytes
from karospace_stream.runtime.schedulers import is_address

#: An idle process with everything imported: 190 MB measured, 220 MB while all of its libraries are in the
#: cache of the system; room for the allocator, for thread stacks, for memory that the interpreter does not
#: return, and for modules that are compiled when they are first loaded (13 MB measured).
PROCESS_NBYTES = 250_000_000
#: A further worker process, idle, with everything that its tasks import.
WORKER_NBYTES = 210_000_000
#: A worker process of a cluster, idle: 222 MB measured with everything imported, and the same room.
CLUSTER_WORKER_NBYTES = 270_000_000
#: Extra memory of a process that talks to object stores: 43 MB measured, for libraries and connections.
STORE_NBYTES = 60_000_000
_DEFAULT_SHARE = 0.5


def default_budget_nbytes() -> int:
    """Half of the free memory."""
    return int(free_nbytes() * _DEFAULT_SHARE)


def default_workers() -> int:
    """One per core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def tables_nbytes(catalog: Catalog, workers: int, *, shares_memory: bool, is_cluster: bool) -> int:
    """Memory that tables beside the matrix need: with processes, in each, once packed and once unpacked.

    Large ones lie in scratch by then.
    """
    nbytes = sum(each.nbytes for each in catalog.tables)
    held = nbytes + catalog.held_nbytes
    if shares_memory:
        return held
    return held + 2 * (1 if is_cluster else workers) * (min(nbytes, MOST_SENT_NBYTES) + catalog.held_nbytes)


def idle_nbytes(
    scheduler: str, workers: int, n_chunks: int, n_cells_selected: int, n_categories: int, n_tasks: int
) -> int:
    """Memory that all processes need besides their tasks: for themselves, the receipts, the manifests.

    On a cluster, the memory of the one process that seals, where all receipts come together.

    Parameters
    ----------
    n_chunks
        Parts of all genes.
    n_cells_selected
        Number of cells if only some are exported; 0 if all are.
    n_categories
        Of all exported columns together.
    n_tasks
        Small ones, which are one for each column.
    """
    receipts = n_chunks * 2_200  # receipt, manifest entry and its text
    # A column: its description and plan, its chunk locations, its task, its manifest entry.
    receipts += n_tasks * 20_000
    cells = 16 * n_cells_selected
    labels = 200 * n_categories  # a Python string each, and its source bytes
    if is_address(scheduler):
        # Each constant of the graph holds the cells: once as received, and once packed for other workers.
        return CLUSTER_WORKER_NBYTES + 2 * receipts + 3 * cells + labels
    if scheduler == "processes":
        workers_nbytes = workers * (WORKER_NBYTES + 2 * cells + labels)
        return PROCESS_NBYTES + workers_nbytes + 2 * receipts + cells + labels
    return PROCESS_NBYTES + receipts + cells + labels
