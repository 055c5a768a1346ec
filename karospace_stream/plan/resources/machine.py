"""Where an export runs and what its tasks may use there: this machine, or the workers of a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.resources.memory import default_budget_nbytes, default_workers
from karospace_stream.runtime.schedulers import is_address, shares_memory
from karospace_stream.units import format_nbytes

#: Fraction of a worker's own limit; at four fifths of the limit, distributed holds its tasks back.
_WORKER_SHARE = 0.7
_HELD_BACK = 0.8
#: Number of worker processes for which cluster work is cut, whatever their number now: more may join, and a
#: resumed run has to cut the work as the first one did.
_CUT_FOR = 32


@dataclass(frozen=True, slots=True)
class Machine:
    """The resources to run on.

    Attributes
    ----------
    scheduler
        As in `ExportOptions`.
    workers
        Concurrent tasks; on a cluster, in each worker process.
    budget_nbytes
        For the entire process tree; on a cluster, for each worker process.
    n_processes, n_threads
        Worker processes of the cluster as of now, and threads of the one with the most; else 1 and 0.
    findings
        What the user should know.
    """

    scheduler: str
    workers: int
    budget_nbytes: int
    n_processes: int = 1
    n_threads: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def is_cluster(self) -> bool:
        """Whether the workers are external processes, maybe on other machines."""
        return is_address(self.scheduler)

    @property
    def shares_memory(self) -> bool:
        """Whether tasks can see each other's memory."""
        return shares_memory(self.scheduler)

    @property
    def cut_for(self) -> int:
        """Number of budgets for which the work is cut: each is that of one process."""
        return _CUT_FOR if self.is_cluster else 1

    def stores_scratch(self, options: ExportOptions) -> bool:
        """Whether fragments go to an object store, as far as is known: the default on a cluster."""
        return options.stored_scratch or (self.is_cluster and options.scratch is None)


def machine_of(options: ExportOptions) -> Machine:
    """Detect the available resources.

    Raises
    ------
    BadOptionError
        If a cluster does not answer, or does not report the memory limit of its workers.
    """
    if is_address(options.scheduler):
        return _cluster(options)
    workers, findings = options.workers or default_workers(), tuple[Finding, ...]()
    if options.scheduler == "sync":
        workers, findings = 1, _one_at_a_time(options.workers)
    budget = options.memory_nbytes or default_budget_nbytes()
    return Machine(options.scheduler, workers, budget, findings=findings)


def _one_at_a_time(wanted: int | None) -> tuple[Finding, ...]:
    # No error: people add --scheduler sync to a command to see where it fails.
    if wanted is None or wanted == 1:
        return ()
    text = f"the scheduler sync runs one task at a time, so that {wanted} workers are not used"
    return (Finding("one-worker", text, "scheduler", "threads"),)


def _cluster(options: ExportOptions) -> Machine:
    from karospace_stream.runtime.cluster import look  # imported late: distributed is slow to import

    address, budget = options.scheduler, options.memory_nbytes
    there = look(address, wait=budget is None or options.workers is None)
    limit = there.memory_nbytes
    if budget is None and not limit:
        raise BadOptionError(
            f"--scheduler {address}: the workers have no memory limit of their own; set one for each with "
            "--memory"
        )
    held_back = int(limit * _HELD_BACK)
    findings: tuple[Finding, ...] = ()
    if budget is not None and 0 < held_back < budget:
        findings = (
            Finding(
                "cluster-memory",
                f"the cluster pauses workers that use {format_nbytes(held_back)}, but the budget allows "
                f"{format_nbytes(budget)}: give less, or start workers with more",
                "memory",
                f"{held_back // 1_000_000}MB",
            ),
        )
    workers = options.workers or there.n_threads
    allowed = budget or int(limit * _WORKER_SHARE)
    return Machine(address, workers, allowed, there.n_workers, there.n_threads, findings)
