"""Help in sections: groups of options that belong together."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

import click

_REST = "Other options"

Flag = Callable[[Callable[..., Any]], Callable[..., Any]]


class SectionedOption(click.Option):
    """An option with its section of the help."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of the help; former names of the flag are taken, but not shown."""
        shown = copy(self)
        shown.opts = self.opts[:1]
        return click.Option.get_help_record(shown, ctx)


def options_of(section: str) -> Callable[..., Flag]:
    """``click.option`` for the options of one section."""
    return partial(click.option, cls=SectionedOption, section=section)


class SectionedCommand(click.Command):
    """A command whose help lists its options section by section, in the order of the first of each."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; those without a section come last."""
        sections: dict[str, list[tuple[str, str]]] = {}
        rest: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None or not isinstance(param, click.Option):
                continue
            if isinstance(param, SectionedOption):
                sections.setdefault(param.section, []).append(record)
            else:
                rest.append(record)
        for title, records in (*sections.items(), (_REST, rest)):
            with formatter.section(title):
                formatter.write_dl(records, col_max=26)
