"""What is left of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from platform import machine, python_version
from typing import Any

from karospace_stream import __version__
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.model.left_out import LeftOut


@dataclass(frozen=True, slots=True)
class Report:
    """The summary of an export.

    Attributes
    ----------
    n_objects, nbytes
        Its files, and their bytes as stored.
    seconds
        Wall time.
    strategy
        How the matrix was turned: ``pass``, ``memory`` or ``spill``.
    budget_nbytes, projected_nbytes, peak_nbytes
        Memory of the process tree: allowed, planned, and measured (RSS, summed).
    notes
        What the user should know.
    targets
        Where each format is.
    left_out
        By the name of a format, everything of the input that is not in it.
    """

    n_cells: int
    n_genes: int
    n_objects: int
    nbytes: int
    seconds: float
    strategy: str
    workers: int
    budget_nbytes: int
    projected_nbytes: int
    peak_nbytes: int
    notes: tuple[str, ...]
    targets: tuple[str, ...]
    left_out: Mapping[str, tuple[LeftOut, ...]] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Where the bundle is; of several, the first."""
        return self.targets[0]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"target": self.target, **asdict(self)}


def report_facts(report: Report, plan: ExportPlan) -> dict[str, Any]:
    """What the bundle says of its own making; no path of the machine that made it."""
    turning = plan.transpose
    return {
        "dataset": plan.options.name or plan.catalog.name,
        "n_cells": report.n_cells,
        "n_genes": report.n_genes,
        "strategy": report.strategy,
        "row_blocks": max(0, len(turning.row_cuts) - 1),
        "gene_bands": len(turning.gene_cuts) - 1,
        "read_values": turning.read_values,
        "scheduler": plan.options.scheduler,
        "workers": report.workers,
        "memory": {
            "budget_nbytes": report.budget_nbytes,
            "projected_nbytes": report.projected_nbytes,
            "peak_nbytes": report.peak_nbytes,
            "stages": {cost.name: cost.task_nbytes for cost in plan.costs},
        },
        "seconds": round(report.seconds, 3),
        "notes": list(report.notes),
        "left_out": [asdict(each) for each in report.left_out.get("karospace", ())],
        "versions": {
            "karospace_stream": __version__,
            "python": python_version(),
            "machine": machine(),
            **{name: version(name) for name in ("dask", "numpy", "scipy", "h5py")},
        },
    }
