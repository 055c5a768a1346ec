"""``inspect``."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from karospace_stream.cli.flags import as_options, flag_of, input_flags
from karospace_stream.cli.inputs import inputs_argument, one_or_several
from karospace_stream.cli.sections import SectionedCommand
from karospace_stream.options.general.inputs import WHEN_PLANNED


@click.command(cls=SectionedCommand)
@inputs_argument
@partial(input_flags, without=WHEN_PLANNED)
@flag_of("storage_options")
@click.option("--json", "as_json", is_flag=True, help="Print the catalog as JSON.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def inspect(source: tuple[str, ...], as_json: bool, debug: bool, **flags: Any) -> None:
    """List what INPUT holds and what can be exported; of several, what they hold as one."""
    from dataclasses import asdict

    from karospace_stream.cli.show import show_catalog, show_json
    from karospace_stream.formats.options import read_options
    from karospace_stream.plan.noticed.cells_without_coordinates import look_for_cells
    from karospace_stream.plan.noticed.look import Look
    from karospace_stream.plan.noticed.notice import notice
    from karospace_stream.plan.open_input import open_input
    from karospace_stream.plan.sections.stored import section_findings

    options = read_options(as_options(flags), function="inspect")
    opened = open_input(one_or_several(source), options)
    look = Look(opened, options)
    catalog, findings = opened.catalog, [*notice(look), *section_findings(opened, options)]
    if as_json:
        show_json({**asdict(catalog), "findings": list(map(asdict, findings))})
    else:
        show_catalog(catalog, findings, [each.spelling for each in look_for_cells(look)[0]])
