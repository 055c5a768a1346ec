"""The plan of an export: every decision, made by reading only what decisions need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError, BudgetError
from karospace_stream.formats.cells.edges import GraphPlan, plan_graph
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.formats.genes.side_plan import SidePlan, plan_side_inputs
from karospace_stream.formats.left_out import take_out, unreadable_findings
from karospace_stream.formats.registry import plan_formats
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.disk import DiskUse
from karospace_stream.model.finding import Finding, texts
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost, TransposePlan
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.about import about_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks.coordinates import check_coordinates
from karospace_stream.plan.checks.disk_space import find_disks, notice_disks
from karospace_stream.plan.checks.input import check_catalog, check_matrix
from karospace_stream.plan.checks.name_memory import check_names_fit
from karospace_stream.plan.cost import CostInputs, PlanCost, find_cost
from karospace_stream.plan.damaged_parts import leaving_out_damaged
from karospace_stream.plan.machine import machine_of
from karospace_stream.plan.memory import PROCESS_NBYTES
from karospace_stream.plan.noticed.browser import large_output
from karospace_stream.plan.noticed.gene_sample import gene_sample
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.notice import notice
from karospace_stream.plan.noticed.values import exported_values
from karospace_stream.plan.noticed.workers import about_workers
from karospace_stream.plan.open_input import open_input
from karospace_stream.plan.sections.decide import decide_sections
from karospace_stream.plan.sections.page_notes import page_notes
from karospace_stream.plan.selection import choose
from karospace_stream.select.relations import choose_graph
from karospace_stream.storage import is_url

_HELD_SHARE = 8  # of the budget, for a graph that stays in memory
_GRAPH_TASK_NBYTES = 200_000_000  # more does not make a task faster


@dataclass(frozen=True, slots=True, repr=False)
class ExportPlan:
    """Everything that an export will do, and its cost. Made by `plan_export`.

    Attributes
    ----------
    source
        The input.
    options
        The options of the export.
    formats
        The plan of each format; all export the same cells and genes.
    transpose
        How the matrix is cut and transposed; its ``strategy`` is ``pass``, ``memory`` or ``spill``.
    graph
        The neighbour graph whose edges are exported, or None.
    side
        Columns, coordinates and graphs that are held in memory beside the genes, or None.
    counting
        Whether the genes are chosen by their means. The export then first reads the matrix once to compute
        the means; until then, ``selection.genes`` holds as many other genes.
    workers
        Number of tasks that run at once: as requested, or fewer if the budget does not allow more. On a
        cluster, in each worker process.
    n_processes
        Number of worker processes that the cluster has now; 1 without a cluster.
    budget_nbytes, peak_nbytes
        Memory of the whole process tree in bytes: the limit, and the upper bound of the plan. On a cluster,
        of each worker process.
    costs
        Cost of each stage.
    n_objects
        Number of files or objects of the export.
    output
        Estimated size of the export, in bytes: from ``output.low`` to ``output.high``.
    staging_nbytes
        Size in bytes of the files that wait beside a ``.zarr.zip`` to be packed, without the zip; 0 without
        a zip.
    disks
        What the export writes to each local disk, and what is free there; without a target, scratch alone.
    seconds
        Estimated time, in seconds.
    findings
        What the program noticed, each with the option that changes it.
    sample
        A few values of the exported genes, or None.
    """

    source: Source
    options: ExportOptions
    formats: tuple[FormatPlan, ...]
    transpose: TransposePlan
    graph: GraphPlan | None
    side: SidePlan | None
    counting: bool
    workers: int
    n_processes: int
    budget_nbytes: int
    peak_nbytes: int
    costs: tuple[StageCost, ...]
    n_objects: int
    output: Size
    staging_nbytes: int
    disks: tuple[DiskUse, ...]
    seconds: float
    findings: tuple[Finding, ...]
    sample: GeneSample | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        chosen = self.selection
        return (
            f"<ExportPlan of {self.catalog.location}: {chosen.n_cells:,} cells x {len(chosen.genes):,} genes>"
        )

    @property
    def catalog(self) -> Catalog:
        """Contents of the source."""
        return self.source.catalog

    @property
    def selection(self) -> Selection:
        """Cells and genes of all formats, columns and embeddings of the first."""
        return self.formats[0].selection

    @property
    def output_nbytes(self) -> int:
        """Estimated size of the export in one number, between the ends of the range."""
        return self.output.middle

    @property
    def output_range_nbytes(self) -> tuple[int, int]:
        """Lowest and highest estimate of the size of the export, in bytes."""
        return self.output.bounds

    @property
    def scratch_nbytes(self) -> int:
        """Largest size of scratch files, in bytes."""
        return self.transpose.scratch_nbytes + (0 if self.graph is None else self.graph.edges.scratch_nbytes)

    @property
    def graph_key(self) -> str | None:
        """Key in ``obsp`` of the exported graph, or None."""
        if self.graph is not None:
            return self.graph.key
        return next(filter(None, (each.facts().more.get("graph") for each in self.formats)), None)

    @property
    def arranged(self) -> dict[str, Any] | None:
        """The column by which sections are laid out, and the shift of each; None if they are not laid out."""
        made = self.selection.arrangement
        return None if made is None else {"coordinates": made.spelling, **made.to_json()}

    @property
    def left_out(self) -> dict[str, tuple[LeftOut, ...]]:
        """Everything that each format leaves out."""
        return {each.name: each.left_out for each in self.formats}

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of the findings."""
        return texts(self.findings)

    @property
    def matrix(self) -> MatrixReader:
        """Reader of the exported matrix; there is none if no gene is exported."""
        return self.source.matrix(self.selection.matrix)

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        chosen, turning = self.selection, self.transpose
        return {
            "input": self.catalog.location,
            "n_cells": chosen.n_cells,
            "n_genes": len(chosen.genes),
            "gene_names": chosen.names_from or "index",
            "matrix": chosen.matrix,
            "formats": [each.name for each in self.formats],
            **self.formats[0].facts().to_json(),
            "arranged": self.arranged,
            "graph": self.graph_key,
            "strategy": turning.strategy,
            "counting_pass": self.counting,
            "row_blocks": max(0, len(turning.row_cuts) - 1),
            "gene_bands": len(turning.gene_cuts) - 1,
            "workers": self.workers,
            "worker_processes": self.n_processes,
            "scheduler": self.options.scheduler,
            "budget_nbytes": self.budget_nbytes,
            "peak_nbytes": self.peak_nbytes,
            "stages": {cost.name: cost.task_nbytes for cost in self.costs},
            "scratch_nbytes": self.scratch_nbytes,
            "side_inputs_nbytes": 0 if self.side is None else self.side.held_nbytes,
            "read_values": turning.read_values,
            "n_objects": self.n_objects,
            "output_nbytes": self.output_nbytes,
            "output_range_nbytes": list(self.output_range_nbytes),
            "staging_nbytes": self.staging_nbytes,
            "disks": [disk.to_json() for disk in self.disks],
            "seconds": round(self.seconds, 1),
            "options": self.options.to_json(),
            "findings": list(map(asdict, self.findings)),
            "left_out": {name: list(map(asdict, each)) for name, each in self.left_out.items()},
        }


def plan_export(source: Any, options: ExportOptions) -> ExportPlan:
    """Decide everything about an export. Reads metadata, samples, and the coordinates shown first.

    With ``arrange_by``, and for images of several libraries, one pass over the columns that tell sections
    apart, and over the coordinates that are laid out.

    Parameters
    ----------
    source
        A path, an ``AnnData``, or the result of `open_source`.

    Raises
    ------
    BadInputError, BadOptionError
        If the input cannot be exported, or not with these options.
    BudgetError
        If the memory budget is too small; the error names the smallest one that works.
    """
    opened = open_input(source, options)
    check_catalog(opened.catalog, options)
    check_names_fit(opened.catalog, options)
    left = take_out(opened, options.leave_out)
    with _tell_what_was_taken_out(options):
        return leaving_out_damaged(left, lambda readable: _plan(readable, options))


def _plan(source: Source, options: ExportOptions) -> ExportPlan:
    chosen = choose(source, options)
    look = Look(source, options, chosen.selection)
    noticed = notice(look)
    values = exported_values(look)
    about, about_texts = about_of(source.catalog, options, None if values is None else values.kind)
    selection, about_sections = decide_sections(source, options, chosen.selection)
    findings = (*noticed, *about_texts, *about_sections, *chosen.findings)
    selection = replace(selection, page_notes=page_notes(findings), about=about)
    made = plan_selection(
        source,
        options,
        selection,
        counting=chosen.counting,
        findings=findings,
        sample=gene_sample(values, selection, counting=chosen.counting),
    )
    more = (*check_coordinates(source, made.formats), *notice_disks(made.disks))
    return replace(made, findings=(*made.findings, *more))


def plan_selection(
    source: Source,
    options: ExportOptions,
    selection: Selection,
    *,
    counting: bool,
    findings: tuple[Finding, ...],
    sample: GeneSample | None = None,
) -> ExportPlan:
    """Plan everything that follows from a selection of cells and genes."""
    formats = plan_formats(source, options, selection, genes_known=not counting)
    findings += tuple(unreadable_findings(source.catalog, (each.left_out for each in formats)))
    # Several formats may say the same.
    findings += tuple(dict.fromkeys(found for each in formats for found in each.findings))
    matrix = source.matrix(selection.matrix) if selection.matrix else None
    if matrix is not None:
        check_matrix(matrix, selection)
    machine = machine_of(options)
    findings += machine.findings
    demands = tuple(each.demand for each in formats)
    needed = (demand.side for demand in demands)
    side = None if matrix is None else plan_side_inputs(source, selection, needed)
    stores_output = any(map(is_url, filter(None, options.targets)))
    asked = CostInputs(
        options=options,
        selection=selection,
        demands=demands,
        graph=None,
        side=side,
        matrix=matrix,
        sample=sample,
        catalog=source.catalog,
        machine=machine,
        uses_stores=source.catalog.remote or machine.stores_scratch(options) or stores_output,
        stores_output=stores_output,
    )
    graph, cost = _cheapest(asked, source, edges=any(demand.edges for demand in demands))
    findings += tuple(about_workers(machine, cost.workers, matrix))
    findings += tuple(large_output(source, formats, graph, cost))
    return ExportPlan(
        source=source,
        options=options,
        formats=formats,
        transpose=cost.transpose,
        graph=graph,
        side=side,
        counting=counting,
        workers=cost.workers,
        n_processes=machine.n_processes,
        budget_nbytes=machine.budget_nbytes,
        peak_nbytes=cost.peak_nbytes,
        costs=cost.costs,
        n_objects=cost.n_objects,
        output=cost.output,
        staging_nbytes=cost.staging_nbytes,
        disks=find_disks(
            options,
            output_nbytes=cost.output.bounds,
            staging_nbytes=cost.staging_nbytes,
            fragments_nbytes=cost.transpose.scratch_nbytes,
            edges_nbytes=0 if graph is None else graph.edges.scratch_nbytes,
            stores_scratch=machine.stores_scratch(options),
        ),
        seconds=cost.seconds,
        findings=findings,
        sample=sample,
    )


@contextmanager
def _tell_what_was_taken_out(options: ExportOptions) -> Iterator[None]:
    """Make errors about missing names mention that the user may have excluded them."""
    try:
        yield
    except (BadInputError, BadOptionError) as error:
        if not options.leave_out:
            raise
        raise type(error)(f"{error} (without --leave-out {', '.join(options.leave_out)})") from error


def _cheapest(asked: CostInputs, source: Source, *, edges: bool) -> tuple[GraphPlan | None, PlanCost]:
    """The graph, in memory if that leaves room for everything else, and the cost of the plan."""
    if not edges:
        return None, find_cost(asked)
    hold = asked.machine.budget_nbytes // _HELD_SHARE if asked.machine.shares_memory else 0
    graph = _plan_graph(asked, source, hold)
    try:
        return graph, find_cost(replace(asked, graph=graph))
    except BudgetError:
        if graph is None or not graph.edges.in_memory:
            raise
        graph = _plan_graph(asked, source, 0)
        return graph, find_cost(replace(asked, graph=graph))


def _plan_graph(asked: CostInputs, source: Source, hold_nbytes: int) -> GraphPlan | None:
    key = choose_graph(source.catalog, asked.options.graph)
    if key is None:
        return None
    machine = asked.machine
    held = hold_nbytes + (0 if asked.side is None else asked.side.held_nbytes)
    free = max(0, machine.budget_nbytes - PROCESS_NBYTES - held)
    return plan_graph(
        source,
        asked.selection,
        key,
        task_nbytes=min(_GRAPH_TASK_NBYTES, free // (2 * machine.workers)),
        hold_nbytes=hold_nbytes,
        stored_scratch=machine.stores_scratch(asked.options),
    )


def resolve_genes(plan: ExportPlan, count: Callable[[ExportPlan], Any]) -> ExportPlan:
    """Resolve the genes of the plan; ``count`` returns the means of all genes."""
    if not plan.counting:
        return plan
    chosen = choose(plan.source, plan.options, means=np.asarray(count(plan)))
    before = plan.selection
    selection = replace(
        chosen.selection,
        arrangement=before.arrangement,
        images=before.images,
        page_notes=before.page_notes,
        about=before.about,
    )
    made = plan_selection(
        plan.source,
        plan.options,
        selection,
        counting=False,
        findings=chosen.findings,
        sample=plan.sample,
    )
    kept = tuple(each for each in plan.findings if each not in made.findings)
    return replace(made, findings=(*kept, *made.findings))
