"""The report of a finished run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from platform import machine, python_version
from typing import Any

from karospace_stream._version import __version__
from karospace_stream.formats.format import Sealed
from karospace_stream.model.left_out import LeftOut
from karospace_stream.pipeline.targets import n_objects
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.targets import Target


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
        Notes to the user.
    targets
        Path or URL of each format.
    left_out
        By format name, every part of the input that the format does not include.
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
        """Location of the bundle; of several, the first."""
        return self.targets[0]

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return {"target": self.target, **asdict(self)}


def make_report(
    plan: ExportPlan, targets: Sequence[Target], sealed: Sequence[Sealed], seconds: float, peak_nbytes: int
) -> Report:
    """Sum up a run whose formats are sealed."""
    faults = dict.fromkeys(note for each in sealed for note in each.notes)
    return Report(
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(n_objects(target, each) for target, each in zip(targets, sealed, strict=True)),
        nbytes=sum(each.nbytes for each in sealed),
        seconds=seconds,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=peak_nbytes,
        notes=(*plan.notes, *faults),
        targets=tuple(target.location for target in targets),
        left_out=plan.left_out,
    )


def report_facts(report: Report, plan: ExportPlan, format: str) -> dict[str, Any]:
    """Facts about the run to store in the bundle; no path of this machine."""
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
        "left_out": [asdict(each) for each in report.left_out.get(format, ())],
        "versions": {
            "karospace_stream": __version__,
            "python": python_version(),
            "machine": machine(),
            **{name: version(name) for name in ("dask", "numpy", "scipy", "h5py")},
        },
    }
