"""The report of a finished run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from platform import machine, python_version
from typing import Any

from karospace_stream._version import __version__
from karospace_stream.display.card import Card
from karospace_stream.display.html import card_html
from karospace_stream.formats.format import Sealed
from karospace_stream.model.about import ValueChange
from karospace_stream.model.finding import Finding, texts
from karospace_stream.model.left_out import LeftOut
from karospace_stream.plan.cards.left_out_text import left_out_lines
from karospace_stream.plan.cards.plan_card import count_findings, strategy_text
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.targets import Target
from karospace_stream.units import counted, format_nbytes, format_seconds, format_shape
from karospace_stream.words.receipt import options_in_words
from karospace_stream.words.words import PYTHON, Words


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The summary of an export.

    Attributes
    ----------
    n_cells, n_genes
        Number of exported cells and genes.
    n_objects, nbytes
        Number of files or objects, and their stored size in bytes.
    seconds
        Wall time, in seconds.
    strategy
        How the matrix was transposed: ``pass``, ``memory`` or ``spill``.
    workers
        Number of tasks that ran at once.
    budget_nbytes, projected_nbytes, peak_nbytes
        Memory of the process tree in bytes: allowed, planned, and measured (sum of the resident sets).
    findings
        What the program noticed before and during the export.
    targets
        Path or URL of each format.
    left_out
        For each format, every part of the input that it does not include.
    arranged
        The column by which sections are laid out, and the shift of each; None if they are not laid out.
    changed
        What was done to the values as they were read; None if they are those of the input.
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
    findings: tuple[Finding, ...]
    targets: tuple[str, ...]
    left_out: Mapping[str, tuple[LeftOut, ...]] = field(default_factory=dict)
    arranged: Mapping[str, Any] | None = None
    changed: ValueChange | None = None

    def __repr__(self) -> str:
        text = replace(report_card(self), remarks=()).text()
        return f"Report of {text}{count_findings(len(self.findings))}"

    def _repr_html_(self) -> str:
        return card_html(report_card(self))

    @property
    def target(self) -> str:
        """Path or URL of the export; of several formats, of the first."""
        return self.targets[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of the findings."""
        return texts(self.findings)

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return {"target": self.target, **asdict(self)}


def report_card(report: Report, words: Words = PYTHON) -> Card:
    """Format a report for people."""
    noticed = (f"note: {words.finding(each)}" for each in report.findings)
    rest = map(words.sentence, left_out_lines(report.left_out, report.notes))
    allowed = (
        f"projected {format_nbytes(report.projected_nbytes)}, allowed {format_nbytes(report.budget_nbytes)}"
    )
    return Card(
        f"{', '.join(report.targets)}: {format_shape(report.n_cells, report.n_genes)}",
        (
            ("bundle", f"{counted(report.n_objects, 'file')}, {format_nbytes(report.nbytes)}"),
            ("time", f"{format_seconds(report.seconds)} with {counted(report.workers, 'worker')}"),
            *((("values", str(report.changed)),) if report.changed is not None else ()),
            ("strategy", strategy_text(report.strategy, report.n_genes)),
            ("memory", f"{format_nbytes(report.peak_nbytes)} at most ({allowed})"),
        ),
        (*noticed, *rest),
    )


def make_report(
    plan: ExportPlan, targets: Sequence[Target], sealed: Sequence[Sealed], seconds: float, peak_nbytes: int
) -> Report:
    """Sum up a run whose formats are sealed."""
    found = dict.fromkeys(finding for each in sealed for finding in each.findings)
    faults = [each for each in found if each not in plan.findings]  # which the plan may have noticed too
    return Report(
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(target.n_objects(each.n_objects) for target, each in zip(targets, sealed, strict=True)),
        nbytes=sum(each.nbytes for each in sealed),
        seconds=seconds,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=peak_nbytes,
        findings=(*plan.findings, *faults),
        targets=tuple(target.location for target in targets),
        left_out=plan.left_out,
        arranged=plan.arranged,
        changed=plan.selection.about.changed,
    )


def report_facts(report: Report, plan: ExportPlan, format: str, sealed: Sealed) -> dict[str, Any]:
    """Facts about the run to store in the bundle; no path of this machine."""
    turning = plan.transpose
    return {
        "dataset": plan.options.name or plan.catalog.name,
        "n_cells": report.n_cells,
        "n_genes": report.n_genes,
        "gene_names": plan.selection.names_from or "index",
        "n_cells_source": plan.catalog.n_cells,
        "n_genes_source": _n_genes_source(plan),
        **plan.selection.about.values_json(),
        "options": [list(each) for each in options_in_words(plan.options, format)],
        "n_objects": sealed.n_objects,
        "nbytes": sealed.nbytes,
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
        "findings": list(map(asdict, report.findings)),
        "arranged": report.arranged,
        "left_out": [asdict(each) for each in report.left_out.get(format, ())],
        "versions": {
            "karospace_stream": __version__,
            "python": python_version(),
            "machine": machine(),
            **{name: version(name) for name in ("dask", "numpy", "scipy", "h5py")},
        },
    }


def _n_genes_source(plan: ExportPlan) -> int:
    """Columns of the exported matrix; 0 if no gene is exported."""
    return plan.matrix.info.shape[1] if plan.selection.matrix else 0
