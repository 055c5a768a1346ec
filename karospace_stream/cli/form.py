"""The flags of ``export`` as fields of the graphical exporter's form, so that both share one help."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import click

from karospace_stream.app.form import Field, Form, Kind
from karospace_stream.cli.commands.export import export
from karospace_stream.cli.flags import as_options
from karospace_stream.cli.sections import SectionedOption
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import declared_options, option_named
from karospace_stream.options.page_texts import PAGE_TEXTS
from karospace_stream.words.page import page_text, page_title

#: Only for the terminal, or set elsewhere on the page.
_NOT_SHOWN = {"as_json", "debug", "quiet", "source", "target"}


def export_form() -> Form:
    """The form, made from the options of the command."""
    return Form(fields_of(export), parse)


def fields_of(command: click.Command) -> tuple[Field, ...]:
    """A field for each flag of a command that the page shows."""
    options = [param for param in command.params if isinstance(param, click.Option)]
    return tuple(_field(each) for each in options if each.name not in _NOT_SHOWN)


def parse(flags: Sequence[str]) -> dict[str, Any]:
    """Flags as keywords of `karospace_stream.export`.

    Raises
    ------
    BadOptionError
        If a flag is unknown, or its value invalid.
    """
    try:
        with export.make_context("export", [*flags, "--", "INPUT", "TARGET"]) as context:
            given = {name: value for name, value in context.params.items() if name not in _NOT_SHOWN}
            return as_options(given)
    except click.BadParameter as error:
        _, it, words = error.message.partition("it must ")
        if error.param is None or not it:
            raise BadOptionError(error.format_message()) from error
        raise BadOptionError(f"{error.param.opts[0]} must {words}") from error
    except click.UsageError as error:
        raise BadOptionError(error.format_message()) from error


def _field(option: click.Option) -> Field:
    flag, off_flag = option.opts[0], "".join(option.secondary_opts)
    title, text = _texts(option)
    declared = option_named(option.name or "")
    return Field(
        name=option.name or "",
        flag=flag,
        off_flag=off_flag,
        section=option.section if isinstance(option, SectionedOption) else "",
        title=title,
        help=text,
        kind=_kind(option),
        default=_default(option),
        metavar=option.metavar or "",
        choices=tuple(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else (),
        n_values=option.nargs,
        formats=_formats().get(option.name or "", ()),
        names_parts=declared is not None and declared.names_parts,
    )


@cache
def _formats() -> dict[str, tuple[str, ...]]:
    found = {each.name: each.formats for each in declared_options()}
    # A flag that turns an option off has a field of its own where the option takes a text.
    off = {each.off_flag.lstrip("-").replace("-", "_"): each.formats for each in declared_options()}
    return off | found


def _texts(option: click.Option) -> tuple[str, str]:
    """Label and sentences of a field, in the words of the page."""
    name = option.name or ""
    if name in PAGE_TEXTS:
        return PAGE_TEXTS[name]
    known = option_named(name)
    return (name, option.help or "") if known is None else (page_title(known), page_text(known))


def _kind(option: click.Option) -> Kind:
    if option.is_flag:
        return "switch"
    if option.multiple:
        return "list"
    if option.nargs > 1:
        return "numbers"
    if isinstance(option.type, click.Choice):
        return "choice"
    kinds: dict[str, Kind] = {"integer": "integer", "integer range": "integer", "float": "number"}
    return kinds.get(option.type.name, "text")


def _default(option: click.Option) -> Any:
    if option.is_flag:
        return option.default is True
    # Click marks "no default" with a special value, which changed between versions.
    return option.default if isinstance(option.default, (str, int, float)) else None
