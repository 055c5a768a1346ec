"""What each stage takes, and how much there is."""

from __future__ import annotations

import os

from karospace_stream.model.plan import StageCost
from karospace_stream.runtime.limits import free_nbytes

#: An idle process with everything imported: 135 MB measured, and room for the allocator, for
#: thread stacks and for what the interpreter does not give back.
PROCESS_NBYTES = 230_000_000
#: A further worker process, idle, with what its tasks import.
WORKER_NBYTES = 190_000_000
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
    if scheduler == "processes":
        workers_nbytes = workers * (WORKER_NBYTES + 2 * cells + labels)
        return PROCESS_NBYTES + workers_nbytes + 2 * receipts + cells + labels
    return PROCESS_NBYTES + receipts + cells + labels


def table_cost(part_nbytes: int, n_columns: int, n_texts: int, gzip: bool, n_tasks: int) -> StageCost:
    """A part of a table: a tile of each column, a slice of it as Python objects, the encoded part."""
    tile = 65_536 * (16 * n_columns + 150 * n_texts + 100)
    objects = 8_192 * (n_columns + 1) * 400
    encoded = part_nbytes if gzip else 2 * part_nbytes
    return StageCost("tables", tile + objects + encoded, n_tasks)


def array_cost(part_nbytes: int, longest_name: int, n_tasks: int) -> StageCost:
    """A part of an array: as read, as stored, and packed; and a tile of strings.

    A string is there as the bytes that were read, as a Python string, and as UTF-8.
    """
    strings = 65_536 * (3 * longest_name + 150)
    return StageCost("arrays", 3 * part_nbytes + strings + 65_536 * 64, n_tasks)


def pixels_nbytes(n_pixels: int) -> int:
    """An image of the source: as stored (up to 8 bytes a channel), as float32, and as bytes."""
    return n_pixels * 4 * (8 + 4 + 4 + 1 + 1)
