"""``export`` and ``plan``."""

from __future__ import annotations

from typing import Any

import click

from karospace_stream.cli.flags import as_options, export_flags
from karospace_stream.cli.inputs import (
    check_last,
    inputs_and,
    one_or_several,
    refuse_input_as_target,
    split_target,
)
from karospace_stream.cli.sections import SectionedCommand


@click.command(cls=SectionedCommand)
@inputs_and("target", "TARGET")
@export_flags(plans=False)
@click.option("--quiet", "-q", is_flag=True, help="Print only notes and errors (and JSON).")
def export(source: tuple[str, ...], target: str | None, quiet: bool, **flags: Any) -> None:
    """Export INPUT to TARGET, a bundle to explore in a browser.

    INPUT is a .h5ad, .zarr, .h5, .h5mu, .loom or a folder of 10x Genomics; both may be URLs, such as
    s3://bucket/sample. Several inputs are exported as one: files,
    folders of files, quoted patterns such as 'sample?.h5ad', and lists of paths (.txt, .csv, .tsv).

    \b
    karospace-stream export sample.h5ad bundle --genes hvgs:500 --anno cell_type
    karospace-stream export sample.h5ad exports/sample --format cellucid
    karospace-stream export samples/ bundle
    karospace-stream serve bundle
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_json, show_report
    from karospace_stream.pipeline.api import export as run
    from karospace_stream.progress.shown import terminal_progress

    where = check_last(source, target, "TARGET")
    refuse_input_as_target(source, where)
    with terminal_progress(quiet) as listener:
        report = run(one_or_several(source), where, listener=listener, **as_options(flags))
    if flags["as_json"]:
        show_json(report.to_json())
    elif not quiet:
        show_report(report)


@click.command(cls=SectionedCommand)
@click.argument("source", metavar="INPUT... [TARGET]", nargs=-1, required=True)
@export_flags(plans=True)
def plan(source: tuple[str, ...], **flags: Any) -> None:
    """Show what an export of INPUT (to TARGET) would take: strategy, memory, scratch, objects, size, time.

    There may be several inputs. The last argument is TARGET, unless it is an input: a file, store or folder
    of inputs that exists, a pattern, or a name that ends like that of an input, such as .h5ad.
    """
    from karospace_stream.cli.show import show_json, show_plan
    from karospace_stream.pipeline.api import plan_export

    keywords = as_options(flags)
    inputs, target = split_target(source, keywords.get("format", ()))
    made = plan_export(inputs, target, **keywords)
    show_json(made.to_json()) if flags["as_json"] else show_plan(made)
