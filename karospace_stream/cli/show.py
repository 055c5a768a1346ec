"""Results on stdout: for people, or as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from karospace_stream.cli.show_left_out import show_left_out
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.units import format_nbytes, format_seconds

if TYPE_CHECKING:
    from karospace_stream.model.catalog import Catalog, ColumnInfo, MatrixInfo
    from karospace_stream.pipeline.clean.api import Cleaned
    from karospace_stream.pipeline.clean.orphan import Orphan
    from karospace_stream.pipeline.report import Report
    from karospace_stream.plan.export_plan import ExportPlan
    from karospace_stream.verification.faults import Verified

_STRATEGIES = {
    "pass": "pass-through: the source is gene-major already",
    "memory": "in memory: the selected part fits the budget",
    "spill": "spill: fragments go through scratch",
}
_LISTED = 30


def show_json(value: object) -> None:
    """Print strict JSON."""
    click.echo(json.dumps(value, indent=2, allow_nan=False))


def show_report(report: Report) -> None:
    """Print the summary of an export."""
    click.echo(f"{', '.join(report.targets)}: {report.n_cells:,} cells x {report.n_genes:,} genes")
    _pairs(
        [
            ("bundle", f"{report.n_objects:,} files, {format_nbytes(report.nbytes)}"),
            ("time", f"{format_seconds(report.seconds)} with {report.workers} worker(s)"),
            ("strategy", _strategy(report.strategy, report.n_genes)),
            (
                "memory",
                f"{format_nbytes(report.peak_nbytes)} at most (projected "
                f"{format_nbytes(report.projected_nbytes)}, allowed {format_nbytes(report.budget_nbytes)})",
            ),
            *(("open it", shlex.join(["karospace-stream", "serve", target])) for target in report.targets),
        ]
    )
    show_left_out(report.left_out, report.notes)


def show_cleaned(cleaned: Cleaned) -> None:
    """Print what was removed."""
    for each in cleaned.leftovers:
        click.echo(leftover_line(each))
    if cleaned.leftovers:
        click.echo(f"{format_nbytes(cleaned.nbytes)} removed")
    else:
        click.echo(f"{cleaned.target}: nothing is left of exports that were cut off")


def leftover_line(each: Orphan) -> str:
    """One leftover of an export, as a line."""
    return f"{format_nbytes(each.nbytes):>10}  {each.n_objects:>7,} files  {each.what}: {each.where}"


def show_plan(plan: ExportPlan) -> None:
    """Print a plan."""
    chosen, turning = plan.selection, plan.transpose
    click.echo(f"{plan.catalog.location}: {chosen.n_cells:,} cells x {len(chosen.genes):,} genes")
    blocks = f", {len(turning.row_cuts) - 1} row blocks" if turning.row_cuts else ""
    bands = f"{blocks}, {len(turning.gene_cuts) - 1} gene bands" if len(chosen.genes) else ""
    _pairs(
        [
            *_formats(plan),
            ("graph", "none" if plan.graph_key is None else f"obsp:{plan.graph_key}"),
            ("strategy", _strategy(turning.strategy, len(chosen.genes)) + bands),
            ("memory", f"{format_nbytes(plan.peak_nbytes)} of {format_nbytes(plan.budget_nbytes)} allowed"),
            *(
                (f"  {cost.name}", f"{format_nbytes(cost.task_nbytes)} a task, {cost.n_tasks} tasks")
                for cost in plan.costs
            ),
            ("workers", _workers(plan)),
            ("scratch", format_nbytes(plan.scratch_nbytes) + " at most"),
            ("bundle", f"{plan.n_objects:,} files, about {format_nbytes(plan.output_nbytes)}"),
            *_staging(plan),
            ("time", f"about {format_seconds(plan.seconds)}"),
        ]
    )
    if plan.counting:
        click.echo("a first pass over the matrix counts the means that choose the genes")
    show_left_out(plan.left_out, plan.notes)
    for note in plan.notes:
        click.echo(f"note: {note}")


def _staging(plan: ExportPlan) -> list[tuple[str, str]]:
    """Staging files beside a zip until it is packed."""
    nbytes = plan.staging_nbytes
    return [("staging", f"about {format_nbytes(nbytes)} beside it, until it is packed")] if nbytes else []


def _workers(plan: ExportPlan) -> str:
    scheduler = plan.options.scheduler
    if not is_address(scheduler):
        return f"{plan.workers} ({scheduler})"
    return f"{plan.workers} in each of now {plan.n_processes} worker processes of {scheduler}"


def show_catalog(catalog: Catalog) -> None:
    """Print what a file holds."""
    click.echo(
        f"{catalog.location}: {catalog.n_cells:,} cells x {catalog.n_genes:,} genes ({catalog.container})"
    )
    matrices = [m for m in (catalog.matrix, *catalog.layers, catalog.raw) if m is not None]
    _pairs((info.name, _matrix(info)) for info in matrices)
    _pairs(
        [
            ("obs", _columns(catalog.obs)),
            ("var", _columns(catalog.var)),
            ("obsm", _list([f"{entry.key} ({entry.n_columns})" for entry in catalog.obsm])),
            ("obsp", _list(catalog.obsp)),
            ("images", _list([f"{i.library}/{i.resolution} {i.width}x{i.height}" for i in catalog.images])),
        ]
    )
    for key, why in catalog.unreadable:
        click.echo(f"note: {key} cannot be read: {why}")
    click.echo(f"can be drawn: {_drawable(catalog)}")


def _drawable(catalog: Catalog) -> str:
    from karospace_stream.select import list_drawable
    from karospace_stream.select.coords import nothing_to_draw

    choices = list_drawable(catalog)
    if not choices:
        return f"no; {nothing_to_draw(catalog)}"
    return ", ".join(f"--coords {choice.spelling}" for choice in choices)


def _matrix(info: MatrixInfo) -> str:
    n_cells, n_genes = info.shape
    text = f"{n_cells:,} x {n_genes:,} {info.dtype}, {info.layout}"
    if info.nnz is not None and info.layout != "dense":
        text += f", {info.nnz:,} values ({info.nnz / max(1, n_cells * n_genes):.1%})"
    if info.stored_nbytes is not None:
        text += f", {format_nbytes(info.stored_nbytes)} stored"
    return text + (f" ({info.compression})" if info.compression else "")


def _columns(columns: Sequence[ColumnInfo]) -> str:
    kinds = (f"{c.n_categories} categories" if c.kind == "category" else c.kind for c in columns)
    return _list([f"{column.name} ({kind})" for column, kind in zip(columns, kinds, strict=True)])


def _list(entries: Sequence[str]) -> str:
    more = f" and {len(entries) - _LISTED} more" if len(entries) > _LISTED else ""
    return (", ".join(entries[:_LISTED]) + more) or "none"


def _pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    for key, value in pairs:
        click.echo(f"  {key:<13} {value}")


def _strategy(strategy: str, n_genes: int) -> str:
    return _STRATEGIES[strategy] if n_genes else "none: no gene is exported, so the matrix is not read"


def _formats(plan: ExportPlan) -> Iterable[tuple[str, str]]:
    """What each format exports."""
    for each in plan.formats:
        facts = each.facts()
        yield "format", each.name
        if "coordinates" in facts:
            yield "  coordinates", facts["coordinates"]
            yield "  vectors", ", ".join(facts["vectors"]) or "none"
        else:
            yield "  embeddings", ", ".join(facts["embeddings"]) or "none"
        yield "  columns", ", ".join(facts["columns"]) or "none"


def show_verified(verified: Verified) -> None:
    """Print what was checked and what is wrong."""
    n_faults = len(verified.faults)
    found = "nothing is wrong" if not n_faults else f"{n_faults:,} fault{'s' if n_faults > 1 else ''}"
    click.echo(f"{verified.target}: {verified.format}, {found}")
    compared = (
        f"{verified.n_compared:,} objects" if verified.n_compared else "not compared; name it with --source"
    )
    _pairs(
        [
            ("checked", f"{verified.n_objects:,} objects, {format_nbytes(verified.nbytes)}"),
            ("with the source", compared),
        ]
    )
    for fault in verified.faults[:_LISTED]:
        click.echo(f"  {fault.key} {fault.what}")
    if len(verified.faults) > _LISTED:
        click.echo(f"  and {len(verified.faults) - _LISTED:,} more; --json lists all")
    for note in verified.notes:
        click.echo(f"note: {note}")
