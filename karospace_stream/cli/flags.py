"""The flags of ``export``, ``plan`` and ``serve``, generated from the declared options."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import Any

import click

from karospace_stream.cli.numbers import NUMBER, WHOLE
from karospace_stream.cli.sections import options_of
from karospace_stream.formats.options import declared_options
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.option import Option, declared
from karospace_stream.options.option import flag_of as flag_of_name

Command = Callable[..., Any]
_TYPES = {"integer": WHOLE, "number": NUMBER, "numbers": NUMBER}
#: Options of all tables.
_TABLES = (
    *("layer", "raw", "leave_out", "where", "downsample", "downsample_by"),
    *("memory", "workers", "scheduler", "strategy", "scratch", "storage_options"),
)
#: Help of ``--genes`` where none would leave nothing to sum.
SUMMED_GENES = "all, hvgs:N, top_mean:N, or list:PATH (one name a line)."
_OTHER = (
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    click.option("--debug", is_flag=True, help="Show tracebacks."),
)


def export_flags(*, plans: bool) -> Callable[[Command], Command]:
    """Add the flags to a command.

    Parameters
    ----------
    plans
        Whether the command only plans, or exports to show: then flags of the target itself are left out.
    """

    def add(command: Command) -> Command:
        shown = [each for each in declared_options() if each.section and (each.plans or not plans)]
        flags = [flag for each in shown for flag in _flags(each)]
        for flag in reversed((*flags, *_OTHER)):
            command = flag(command)
        return command

    return add


def flag_of(name: str, default: str | None = None, text: str | None = None) -> Callable[[Command], Command]:
    """One flag, for a command that has only some; with a default and a help of its own if they are given."""
    (option,) = (each for each in declared_options() if each.name == name)
    option = option if default is None else replace(option, default=default)
    (one,) = _flags(option if text is None else replace(option, help=text))
    return one


def input_flags(command: Command, *, without: Container[str] = ()) -> Command:
    """The flags that say how an input is read, for a command that has few others."""
    for each in reversed([each for each in declared(InputOptions) if each.section]):
        for flag in _flags(each) if each.name not in without else ():
            command = flag(command)
    return command


def table_flags(command: Command, *, without: Container[str] = ()) -> Command:
    """The flags of commands that sum genes into one file: which values are read, how, and what is printed."""
    several = (
        *map(flag_of, _TABLES),
        click.option("--overwrite", is_flag=True, help="Replace OUT once the new file is complete."),
        click.option("--quiet", "-q", is_flag=True, help="Print only notes and errors (and JSON)."),
        click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON."),
        click.option("--debug", is_flag=True, help="Show tracebacks."),
    )
    for flag in reversed(several):
        command = flag(command)
    return input_flags(command, without=without)


def _flags(option: Option) -> Iterator[Callable[[Command], Command]]:
    made = options_of(option.section)
    metavar = option.metavar or None
    if option.kind == "switch":
        both = f"{option.flag}/{option.off_flag}" if option.off_flag else option.flag
        shown = bool(option.off_flag)
        yield made(
            both, option.name, is_flag=True, default=option.default, show_default=shown, help=option.help
        )
        return
    kind: Any = click.Choice(option.choices) if option.choices else _TYPES.get(option.kind)
    repeats = option.kind == "list"
    former = (flag_of_name(option.old_name),) if option.old_name else ()
    yield made(
        option.flag,
        *former,
        option.name,
        type=kind,
        multiple=repeats,
        nargs=option.n_values,
        metavar=metavar,
        default=None if repeats else option.default,
        show_default=not repeats and option.default is not None,
        help=option.help,
    )
    if option.off_flag:
        yield made(option.off_flag, _off(option), is_flag=True, help=option.off_help)


def _off(option: Option) -> str:
    """The parameter of a flag that gives False instead of a text."""
    return f"no_{option.name}"


def as_options(flags: dict[str, Any]) -> dict[str, Any]:
    """The flags that were written, as keywords of `karospace_stream.export`."""
    from karospace_stream.storage.location import read_storage_options

    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    written = {name for name in flags if context.get_parameter_source(name) is not default}
    keywords: dict[str, Any] = {}
    for each in declared_options():
        if _off(each) in written:
            keywords[each.name] = False
        elif each.name in written:
            keywords[each.name] = flags[each.name]
    if keywords.get("storage_options"):
        keywords["storage_options"] = read_storage_options(keywords["storage_options"])
    return keywords
