"""A plan as people read it: what is exported, how, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.display.card import Card
from karospace_stream.plan.cards.left_out_text import left_out_lines
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.units import counted, format_nbytes, format_range, format_seconds, format_shape
from karospace_stream.words.words import PYTHON, Words

_STRATEGIES = {
    "pass": "pass-through: the source is already gene-major",
    "memory": "in memory: the selected part fits the budget",
    "spill": "spill: blocks go through scratch space",
}
_MAIN = ("format", "strategy", "memory", "bundle")


def plan_card(plan: ExportPlan, words: Words = PYTHON) -> Card:
    """The whole plan: a row for each property, then findings and the parts that are left out."""
    chosen = plan.selection
    title = f"{plan.catalog.location}: {format_shape(chosen.n_cells, len(chosen.genes))}"
    noticed = (f"note: {words.finding(each)}" for each in plan.findings)
    rest = map(words.sentence, left_out_lines(plan.left_out, plan.notes))
    return Card(title, tuple(_rows(plan)), (*noticed, *rest))


def short_plan(plan: ExportPlan) -> str:
    """The plan in five lines, for the prompt of an interpreter."""
    card = plan_card(plan)
    lines = [f"Plan of {card.title}", *card.only(*_MAIN).text().splitlines()[1:]]
    return "\n".join(lines) + count_findings(len(plan.findings))


def count_findings(n: int) -> str:
    """Number of findings, to append to a short text; empty for none."""
    return f"; {counted(n, 'finding')} in .findings" if n else ""


def strategy_text(strategy: str, n_genes: int) -> str:
    """The strategy of transposing, as a sentence."""
    return _STRATEGIES[strategy] if n_genes else "none: no genes are exported, so the matrix is not read"


def _rows(plan: ExportPlan) -> Iterator[tuple[str, str]]:
    yield "format", ", ".join(each.name for each in plan.formats)
    yield from _formats(plan)
    yield from _sections(plan)
    if (changed := plan.selection.about.changed) is not None:
        yield "values", f"{plan.selection.matrix}, {changed}"
    yield "graph", "none" if plan.graph_key is None else f"obsp:{plan.graph_key}"
    yield "strategy", strategy_text(plan.transpose.strategy, len(plan.selection.genes)) + _cuts(plan)
    if plan.counting:
        yield "", _counting(plan)
    if plan.pseudobulk is not None:
        yield "pseudobulk", _pseudobulk(plan)
    yield "memory", f"{format_nbytes(plan.peak_nbytes)} of {format_nbytes(plan.budget_nbytes)} allowed"
    for cost in plan.costs:
        yield f"  {cost.name}", f"{format_nbytes(cost.task_nbytes)} a task, {counted(cost.n_tasks, 'task')}"
    yield "workers", _workers(plan)
    yield "scratch", f"{format_nbytes(plan.scratch_nbytes)} at most"
    yield "bundle", f"{counted(plan.n_objects, 'file')}, {format_range(*plan.output_range_nbytes)}"
    if plan.staging_nbytes:
        yield "staging", f"about {format_nbytes(plan.staging_nbytes)} beside it until it is packed"
    for disk in plan.disks:
        most, free = format_nbytes(disk.most_nbytes), format_nbytes(disk.free_nbytes)
        yield "disk", f"{most} at most, {free} free at {disk.shown}"
    yield "time", f"about {format_seconds(plan.seconds)}"


def _formats(plan: ExportPlan) -> Iterator[tuple[str, str]]:
    """Yield a row about the contents of each format."""
    for each in plan.formats:
        facts = each.facts()
        if len(plan.formats) > 1:
            yield f"in {each.name}", ""
        if facts.coordinates:
            yield "  coordinates", facts.coordinates
            yield "  vectors", ", ".join(facts.vectors) or "none"
        else:
            yield "  embeddings", ", ".join(facts.embeddings) or "none"
        reasons = facts.reasons
        names = [f"{name} ({reasons[name]})" if name in reasons else name for name in facts.columns]
        yield "  columns", ", ".join(names) or "none"


def _sections(plan: ExportPlan) -> Iterator[tuple[str, str]]:
    """Yield a row about the layout of sections."""
    made = plan.selection.arrangement
    if made is not None:
        text = f"{len(made.groups)} of {made.column}, side by side in {made.spelling}"
        yield "sections", f"{text}, {made.n_columns} in a row"


def _cuts(plan: ExportPlan) -> str:
    turning = plan.transpose
    blocks = f", {counted(len(turning.row_cuts) - 1, 'row block')}" if turning.row_cuts else ""
    return (
        f"{blocks}, {counted(len(turning.gene_cuts) - 1, 'gene band')}" if len(plan.selection.genes) else ""
    )


def _counting(plan: ExportPlan) -> str:
    if plan.variable is None:
        return "a first pass over the matrix computes the means that choose the genes"
    passes = (
        "two passes over the matrix find"
        if plan.variable.n_passes > 1
        else "a first pass over the matrix finds"
    )
    return f"{passes} the most variable genes ({plan.variable.flavor})"


def _pseudobulk(plan: ExportPlan) -> str:
    assert plan.pseudobulk is not None
    (grouping,) = plan.pseudobulk.request.groupings
    layer = plan.layer_pass
    how = "as it is exported" if layer is None else f"read by itself in about {format_seconds(layer.seconds)}"
    combinations = counted(grouping.n_groups, "combination")
    return f"{combinations} of {', '.join(grouping.parts)}, sums of {plan.options.summed_matrix}, {how}"


def _workers(plan: ExportPlan) -> str:
    scheduler = plan.options.scheduler
    if not is_address(scheduler):
        return f"{plan.workers} ({scheduler})"
    return f"{plan.workers} in each of {plan.n_processes} worker processes of {scheduler} now"
