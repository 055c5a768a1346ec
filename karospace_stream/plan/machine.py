"""Where an export runs and what its tasks may use there: this machine, or the workers of a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.memory import default_budget_nbytes, default_workers
from karospace_stream.runtime.schedulers import is_address, shares_memory
from karospace_stream.units import format_nbytes

#: Of a worker's own limit; at four fifths of it, distributed holds its tasks back.
_WORKER_SHARE = 0.7
_HELD_BACK = 0.8
#: Worker processes that the work on a cluster is cut for, whatever there are now: more may come, and a run
#: that goes on with another has to cut it as that one did.
_CUT_FOR = 32


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to run on.

    Attributes
    ----------
    scheduler
        As in `ExportOptions`.
    workers
        Tasks at once; on a cluster, in each worker process.
    budget_nbytes
        For the whole process tree; on a cluster, for each worker process.
    n_processes, n_threads
        Worker processes of the cluster as of now, and threads of the one that has most; else 1, and 0.
    notes
        What the user should know.
    """

    scheduler: str
    workers: int
    budget_nbytes: int
    n_processes: int = 1
    n_threads: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_cluster(self) -> bool:
        """Whether workers are processes of somebody else's, maybe of other machines."""
        return is_address(self.scheduler)

    @property
    def shares_memory(self) -> bool:
        """Whether what one task holds can be seen by the others."""
        return shares_memory(self.scheduler)

    @property
    def cut_for(self) -> int:
        """Budgets that the work is cut for: each is that of one process."""
        return _CUT_FOR if self.is_cluster else 1

    def stores_scratch(self, options: ExportOptions) -> bool:
        """Whether fragments go to an object store, as far as is known: on a cluster that is the default."""
        return options.stored_scratch or (self.is_cluster and options.scratch is None)


def machine_of(options: ExportOptions) -> Machine:
    """Look what there is.

    Raises
    ------
    BadOptionError
        If a cluster does not answer, or does not tell what its workers may take.
    """
    if is_address(options.scheduler):
        return _cluster(options)
    workers = 1 if options.scheduler == "sync" else options.workers or default_workers()
    return Machine(options.scheduler, workers, options.memory_nbytes or default_budget_nbytes())


def _cluster(options: ExportOptions) -> Machine:
    from karospace_stream.runtime.cluster import look  # late: distributed takes its time

    address, budget = options.scheduler, options.memory_nbytes
    there = look(address, wait=budget is None or options.workers is None)
    limit = there.memory_nbytes
    if budget is None and not limit:
        raise BadOptionError(
            f"--scheduler {address}: the workers have no memory limit of their own; say with --memory what "
            "each of them may take"
        )
    held_back = int(limit * _HELD_BACK)
    notes: tuple[str, ...] = ()
    if budget is not None and 0 < held_back < budget:
        notes = (
            f"workers of the cluster are held back when they take {format_nbytes(held_back)}, and --memory "
            f"allows {format_nbytes(budget)}: give less, or start workers with more",
        )
    workers = options.workers or there.n_threads
    allowed = budget or int(limit * _WORKER_SHARE)
    return Machine(address, workers, allowed, there.n_workers, there.n_threads, notes)
