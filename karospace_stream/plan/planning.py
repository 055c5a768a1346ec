"""Plan an export, by reading only what decisions need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from karospace_stream.errors import BadInputError, BadOptionError, BudgetError
from karospace_stream.formats.cells.edges import GraphPlan, plan_graph
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.genes.pseudobulk.plan import plan_pseudobulk
from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.formats.genes.side_plan import SidePlan, plan_side_inputs
from karospace_stream.formats.genes.statistics.automatic import Automatic, choose_automatic, only_best
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan, plan_statistics
from karospace_stream.formats.left_out import take_out, unreadable_findings
from karospace_stream.formats.registry import plan_formats
from karospace_stream.inputs.normalised.normalise import change_of, normalised
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source, step_nbytes_of
from karospace_stream.options.about import about_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks.coordinates import check_coordinates
from karospace_stream.plan.checks.disk_space import find_disks, holds_scratch, notice_disks
from karospace_stream.plan.checks.input import check_catalog, check_matrix
from karospace_stream.plan.checks.name_memory import check_names_fit
from karospace_stream.plan.cost import CostInputs, PlanCost, find_cost
from karospace_stream.plan.damaged_parts import leaving_out_damaged
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.genes.layer_pass import plan_layer_pass
from karospace_stream.plan.genes.missing import refuse_matrix_left_out
from karospace_stream.plan.genes.sets import plan_gene_sets, with_pending_scores
from karospace_stream.plan.genes.variable import VariablePlan, plan_variable
from karospace_stream.plan.next_coordinates import trying_next_coordinates
from karospace_stream.plan.noticed.browser import large_output
from karospace_stream.plan.noticed.compared_values import compared_values
from karospace_stream.plan.noticed.gene_sample import gene_sample
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.notice import notice
from karospace_stream.plan.noticed.values import exported_values
from karospace_stream.plan.noticed.workers import about_workers
from karospace_stream.plan.open_input import open_input
from karospace_stream.plan.resources.machine import machine_of
from karospace_stream.plan.resources.memory import PROCESS_NBYTES
from karospace_stream.plan.sections.decide import decide_sections
from karospace_stream.plan.sections.page_notes import page_notes
from karospace_stream.plan.sections.stored import store_in_sections
from karospace_stream.plan.selection import choose
from karospace_stream.select.genes import CountedGenes
from karospace_stream.select.relations import choose_graph
from karospace_stream.storage import is_url

_TABLES_SHARE = 3  # of the other files, for tables of columns that nobody named
_HELD_SHARE = 8  # of the budget, for a graph that stays in memory
_GRAPH_TASK_NBYTES = 200_000_000  # more does not make a task faster


class FormatsPlanner(Protocol):
    """Decides what the formats do with the chosen cells and genes."""

    def __call__(
        self, source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
    ) -> tuple[FormatPlan, ...]:
        """As `plan_formats`."""
        ...


def plan_export(source: Any, options: ExportOptions, formats: FormatsPlanner = plan_formats) -> ExportPlan:
    """Decide everything about an export. Reads metadata, samples, and the coordinates shown first.

    With ``arrange_by``, and for images of several libraries, one pass over the columns that tell sections
    apart, and over the coordinates that are laid out.

    Parameters
    ----------
    source
        A path, an ``AnnData``, or the result of `open_source`.
    formats
        Plans what takes the genes; by default the formats of the options.

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
    refuse_matrix_left_out(left.catalog, options)
    with _mention_leave_out(options):
        return leaving_out_damaged(
            left,
            lambda readable: trying_next_coordinates(
                readable, options, lambda chosen: _plan(readable, chosen, formats)
            ),
        )


def _plan(source: Source, options: ExportOptions, formats: FormatsPlanner) -> ExportPlan:
    source, about_order = store_in_sections(source, options)
    chosen = choose(source, options)
    source = normalised(source, options, chosen.selection)
    look = Look(source, options, chosen.selection)
    noticed = notice(look)
    values = exported_values(look)
    about, about_texts = about_of(
        source.catalog,
        options,
        None if values is None else values.kind,
        change_of(source, options, chosen.selection.matrix),
    )
    selection, about_images = decide_sections(source, options, chosen.selection)
    about_sections = (*about_order, *about_images)
    variable, about_variable = plan_variable(source, options, selection, values)
    sets, about_sets = plan_gene_sets(source, options, selection)
    findings = (
        *noticed,
        *about_texts,
        *about_sections,
        *chosen.findings,
        *about_variable,
        *about_sets,
    )
    if variable is not None:  # numbers of the same size stand in
        selection = replace(selection, variable=variable.stand_in())
    selection = replace(selection, page_notes=page_notes(findings), about=about, gene_sets=sets)
    source = with_pending_scores(source, sets)
    made = plan_selection(
        source,
        options,
        selection,
        counting=chosen.counting,
        variable=variable,
        findings=findings,
        sample=gene_sample(values, selection, counting=chosen.counting),
        planner=formats,
    )
    more = (
        *compared_values(values, made.statistics),
        *check_coordinates(source, made.formats),
        *notice_disks(made.disks),
    )
    return replace(made, findings=(*made.findings, *more))


def plan_selection(
    source: Source,
    options: ExportOptions,
    selection: Selection,
    *,
    counting: bool,
    findings: tuple[Finding, ...],
    variable: VariablePlan | None = None,
    sample: GeneSample | None = None,
    planner: FormatsPlanner = plan_formats,
) -> ExportPlan:
    """Plan everything that follows from a selection of cells and genes."""
    formats = planner(source, options, selection, genes_known=not counting)
    findings += tuple(unreadable_findings(source.catalog, (each.left_out for each in formats)))
    # Several formats may say the same.
    findings += tuple(dict.fromkeys(found for each in formats for found in each.findings))
    matrix = source.matrix(selection.matrix) if selection.matrix else None
    if matrix is not None:
        check_matrix(matrix, selection)
    machine = machine_of(options)
    findings += machine.findings
    demands = tuple(each.demand for each in formats)
    pseudobulk = plan_pseudobulk(source, selection, options)
    findings += () if pseudobulk is None else pseudobulk.findings
    stores_output = any(map(is_url, filter(None, options.targets)))
    asked = CostInputs(
        options=options,
        selection=selection,
        demands=demands,
        graph=None,
        side=None,
        statistics=None,
        variable=variable,
        pseudobulk=pseudobulk,
        matrix=matrix,
        sample=sample,
        catalog=source.catalog,
        prepared_nbytes=0 if source.preparation is None else source.preparation.scratch_nbytes,
        step_nbytes=step_nbytes_of(source.preparation),
        machine=machine,
        uses_stores=source.catalog.remote or machine.stores_scratch(options) or stores_output,
        stores_output=stores_output,
    )
    with source.kept_open():  # for the categories of each column
        compared = _with_statistics(asked, source)
    statistics, (graph, side, cost) = compared.statistics, compared.cost
    findings += (() if statistics is None else statistics.findings) + compared.findings
    if (chosen := _chosen_columns(asked, statistics)) != options.compared:
        options = replace(options, compared=chosen)
        formats = tuple(
            _knowing(each, chosen) if demand.compared else each
            for each, demand in zip(formats, demands, strict=True)
        )
    layer = plan_layer_pass(source, replace(asked, side=side, statistics=statistics), cost)
    if layer is not None:
        findings += (layer.finding(selection.matrix),)
    findings += tuple(about_workers(machine, cost.workers, matrix))
    findings += tuple(large_output(source, formats, graph, cost))
    return ExportPlan(
        source=source,
        options=options,
        formats=formats,
        transpose=cost.transpose,
        graph=graph,
        side=side,
        statistics=statistics,
        pseudobulk=pseudobulk,
        layer_pass=layer,
        counting=counting,
        variable=variable,
        workers=cost.workers if layer is None else min(cost.workers, layer.workers),
        n_processes=machine.n_processes,
        budget_nbytes=machine.budget_nbytes,
        peak_nbytes=cost.peak_nbytes if layer is None else max(cost.peak_nbytes, layer.peak_nbytes),
        costs=cost.costs,
        n_objects=cost.n_objects,
        output=cost.output,
        staging_nbytes=cost.staging_nbytes,
        disks=find_disks(
            options,
            outputs=cost.outputs,
            scratch=cost.scratch if layer is None else cost.scratch + layer.scratch,
            stores_scratch=machine.stores_scratch(options),
        ),
        seconds=cost.seconds if layer is None else cost.seconds + layer.seconds,
        findings=findings,
        sample=sample,
    )


@contextmanager
def _mention_leave_out(options: ExportOptions) -> Iterator[None]:
    """Make errors about missing names mention that the user may have excluded them."""
    try:
        yield
    except (BadInputError, BadOptionError) as error:
        if not options.leave_out:
            raise
        raise type(error)(f"{error} (without --leave-out {', '.join(options.leave_out)})") from error


def _knowing(plan: Any, compared: tuple[str, ...] | None) -> FormatPlan:
    """A format's plan that records which columns are compared."""
    made: FormatPlan = replace(plan, options=replace(plan.options, compared=compared))
    return made


#: The graph, the side inputs, and the cost of a plan.
_Costed = tuple[GraphPlan | None, SidePlan | None, PlanCost]


def _with_statistics(asked: CostInputs, source: Source) -> Automatic[_Costed]:
    """What is compared, and its cost: what the user named, else the columns of formats that want some."""

    def costed(statistics: StatisticsPlan | None) -> _Costed:
        return _costed(asked, source, statistics)

    options, selection = asked.options, asked.selection
    named = plan_statistics(source, selection, options)
    columns = tuple(dict.fromkeys(name for demand in asked.demands for name in demand.compared))
    if options.group_by is not None or not columns:
        return Automatic(named, costed(named))
    if options.compared is not None:
        columns = options.compared

    def of_columns(names: Sequence[str]) -> StatisticsPlan | None:
        made = plan_statistics(source, selection, options, names)
        return only_best(made) if made is not None and options.marker_genes is None else made

    if options.compared is not None:
        again = of_columns(columns)
        return Automatic(again, costed(again))
    return choose_automatic(
        columns,
        of_columns,
        named,
        costed,
        budget_nbytes=asked.machine.budget_nbytes,
        is_small=partial(_is_small, asked),
        has_scratch=partial(_has_scratch, asked),
    )


def _costed(asked: CostInputs, source: Source, statistics: StatisticsPlan | None) -> _Costed:
    needed, labels = [demand.side for demand in asked.demands], dict[str, tuple[int, ...]]()
    for summed in (statistics, asked.pseudobulk):
        if summed is not None:
            needed.append(summed.side)
            labels |= summed.labels
    labelled = source.with_labels(labels) if labels else source
    side = None if asked.matrix is None else plan_side_inputs(labelled, asked.selection, needed)
    edges = any(demand.edges for demand in asked.demands)
    graph, cost = _cheapest(replace(asked, side=side, statistics=statistics), source, edges=edges)
    return graph, side, cost


def _is_small(asked: CostInputs, without: _Costed, statistics: StatisticsPlan) -> bool:
    """Whether the tables are a small part of each export."""
    return all(
        demand.statistics(statistics)[1].middle * _TABLES_SHARE <= size.middle
        for demand, size in zip(asked.demands, without[2].outputs, strict=True)
        if demand.compared and demand.statistics is not None
    )


def _has_scratch(asked: CostInputs, statistics: StatisticsPlan) -> bool:
    """Whether the sums have a place to wait for the tasks that compare groups."""
    stored = asked.machine.stores_scratch(asked.options)
    return stored or holds_scratch(asked.options, statistics.scratch_nbytes)


def _chosen_columns(asked: CostInputs, statistics: StatisticsPlan | None) -> tuple[str, ...] | None:
    """The columns that are compared although nobody named them; None if no format wants any."""
    if asked.options.group_by is not None or not any(demand.compared for demand in asked.demands):
        return None
    return () if statistics is None else tuple(each.column for each in statistics.request.groupings)


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


def resolve_genes(
    plan: ExportPlan, count: Callable[[ExportPlan], CountedGenes], formats: FormatsPlanner = plan_formats
) -> ExportPlan:
    """Resolve the genes of the plan; ``count`` makes the counting pass."""
    if not plan.counting:
        return plan
    chosen = choose(plan.source, plan.options, counted=count(plan))
    before = plan.selection
    selection = replace(
        chosen.selection,
        arrangement=before.arrangement,
        images=before.images,
        page_notes=before.page_notes,
        about=before.about,
        gene_sets=before.gene_sets,
    )
    made = plan_selection(
        plan.source,
        plan.options,
        selection,
        counting=False,
        findings=chosen.findings,
        sample=plan.sample,
        planner=formats,
    )
    kept = tuple(each for each in plan.findings if each not in made.findings)
    return replace(made, findings=(*kept, *made.findings))
