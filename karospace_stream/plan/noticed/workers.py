"""Workers that the run cannot use, or that are too many."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.model.source import MatrixReader
from karospace_stream.plan.resources.machine import Machine


def about_workers(machine: Machine, workers: int, matrix: MatrixReader | None) -> Iterator[Finding]:
    """Findings about the workers of the run."""
    if workers < machine.workers:
        text = f"{workers} of {machine.workers} workers: the memory budget allows no more"
        yield Finding("fewer-workers", text, "memory")
    if matrix is not None and matrix.lazy() is not None and workers < machine.n_threads:
        yield Finding(
            "dask-threads",
            f"blocks of a Dask array are computed on all {machine.n_threads} threads of a worker, but the "
            f"budget is for {workers}: start workers with {workers}",
        )
