"""``export`` and ``plan``."""

from __future__ import annotations

from typing import Any

import click

from karospace_stream.cli.flags import as_options, export_flags
from karospace_stream.cli.sections import SectionedCommand


@click.command(cls=SectionedCommand)
@click.argument("source", metavar="INPUT")
@click.argument("target")
@export_flags(plans=False)
@click.option("--quiet", "-q", is_flag=True, help="Print only notes and errors (and JSON).")
def export(source: str, target: str, quiet: bool, **flags: Any) -> None:
    """Export INPUT (.h5ad or .zarr) to TARGET, a bundle to explore in a browser.

    Both may be paths or URLs, such as s3://bucket/sample.

    \b
    karospace-stream export sample.h5ad bundle --genes hvgs:500 --anno cell_type
    karospace-stream export sample.h5ad exports/sample --format cellucid
    karospace-stream serve bundle
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_json, show_report
    from karospace_stream.pipeline.api import export as run
    from karospace_stream.progress.shown import terminal_progress

    with terminal_progress(quiet) as listener:
        report = run(source, target, listener=listener, **as_options(flags))
    if flags["as_json"]:
        show_json(report.to_json())
    elif not quiet:
        show_report(report)


@click.command(cls=SectionedCommand)
@click.argument("source", metavar="INPUT")
@click.argument("target", required=False)
@export_flags(plans=True)
def plan(source: str, target: str | None, **flags: Any) -> None:
    """Show what an export of INPUT (to TARGET) would take: strategy, memory, scratch, objects, size, time."""
    from karospace_stream.cli.show import show_json, show_plan
    from karospace_stream.pipeline.api import plan_export

    made = plan_export(source, target, **as_options(flags))
    show_json(made.to_json()) if flags["as_json"] else show_plan(made)
