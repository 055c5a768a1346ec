"""Results on stdout: for people, or as JSON."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from karospace_stream.display.card import Card
from karospace_stream.display.width import width_of
from karospace_stream.display.wrap import wrap_sentence
from karospace_stream.plan.cards.left_out_text import left_out_lines
from karospace_stream.units import counted, format_nbytes
from karospace_stream.words.words import TERMINAL

if TYPE_CHECKING:
    from karospace_stream.model.catalog import Catalog
    from karospace_stream.model.finding import Finding
    from karospace_stream.pipeline.clean.api import Cleaned
    from karospace_stream.pipeline.clean.orphan import Orphan
    from karospace_stream.pipeline.report import Report
    from karospace_stream.plan.export_plan import ExportPlan
    from karospace_stream.tables.result import GeneStatistics
    from karospace_stream.verification.faults import Verified

_LISTED = 30
#: Title and file of the guide that takes an export to a host; a test compares them.
_GUIDE = ("Put an export online", "docs/howto/online.md")


def show_json(value: object) -> None:
    """Print strict JSON."""
    click.echo(json.dumps(value, indent=2, allow_nan=False))


def show_report(report: Report) -> None:
    """Print the summary of an export; its notes were printed while it ran."""
    from karospace_stream.pipeline.report import report_card

    card = report_card(report, TERMINAL)
    remarks = left_out_lines(report.left_out, report.notes)
    _show(replace(card, rows=(*card.rows, *_next_steps(report.targets)), remarks=remarks))


def _next_steps(targets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Next steps with an export, as commands to copy if possible."""
    from karospace_stream.storage import is_url

    for each in targets:
        yield "look at it", shlex.join(["karospace-stream", "serve", each])
        yield "verify it", shlex.join(["karospace-stream", "verify", each])
    if all(map(is_url, targets)):
        yield "put it online", "let everyone read the objects of the store"
    else:
        yield (
            "put it online",
            "copy it to any web host (GitHub Pages takes 1 GB) or export to s3://BUCKET/NAME",
        )
    yield "check it there", "karospace-stream doctor https://ADDRESS/"
    yield "step by step", f"{_GUIDE[0]!r} in the documentation, {_GUIDE[1]}"


def show_cleaned(cleaned: Cleaned) -> None:
    """Print what was removed."""
    for each in cleaned.leftovers:
        click.echo(leftover_line(each))
    if cleaned.leftovers:
        click.echo(f"{format_nbytes(cleaned.nbytes)} removed")
    else:
        click.echo(f"{cleaned.target}: no leftovers of interrupted exports")


def leftover_line(each: Orphan) -> str:
    """One leftover of an export, as a line."""
    files = f"{each.n_objects:>7,} {'file ' if each.n_objects == 1 else 'files'}"
    return f"{format_nbytes(each.nbytes):>10}  {files}  {each.what}: {each.where}"


def show_statistics(made: GeneStatistics, out: str) -> None:
    """Print what was computed; its notes were printed while it ran."""
    from karospace_stream.tables.result import statistics_card

    card = statistics_card(made, TERMINAL)
    _show(replace(card, rows=(*card.rows, ("written", out)), remarks=()))


def show_pseudobulk(shape: tuple[int, int], out: str) -> None:
    """Print what was summed; its notes were printed while it ran."""
    n_combinations, n_genes = shape
    click.echo(f"{out}: {counted(n_combinations, 'combination')} x {counted(n_genes, 'gene')}")


def show_plan(plan: ExportPlan) -> None:
    """Print a plan."""
    from karospace_stream.plan.cards.plan_card import plan_card

    _show(plan_card(plan, TERMINAL))


def show_catalog(catalog: Catalog, findings: Sequence[Finding], empty: Sequence[str]) -> None:
    """Print what a file holds, what was noticed about it, and which coordinates hold no cell."""
    from karospace_stream.plan.cards.source_card import source_card

    _show(source_card(catalog, TERMINAL, findings, empty))


def _show(card: Card) -> None:
    """Print a card; on a terminal, lists are wrapped at their commas."""
    click.echo(card.text(width_of(sys.stdout)))


def show_verified(verified: Verified) -> None:
    """Print what was checked and what is wrong."""
    n_faults = len(verified.faults)
    found = "no faults" if not n_faults else counted(n_faults, "fault")
    click.echo(f"{verified.target}: {verified.format}, {found}")
    compared = "not compared; give it with --source"
    if verified.n_compared:
        compared = counted(verified.n_compared, "object")
    checked = f"{counted(verified.n_objects, 'object')}, {format_nbytes(verified.nbytes)}"
    click.echo(f"  checked          {checked}")
    click.echo(f"  with the source  {compared}")
    for fault in verified.faults[:_LISTED]:
        click.echo(f"  {fault.key} {fault.what}")
    if len(verified.faults) > _LISTED:
        click.echo(f"  and {len(verified.faults) - _LISTED:,} more; --json lists all")
    for note in verified.notes:
        click.echo("\n".join(wrap_sentence(f"note: {note}", width_of(sys.stdout))))
