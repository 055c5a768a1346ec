"""All options of every format: read from keywords, and listed for interfaces and documentation."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.registry import FORMATS, options_of
from karospace_stream.options.checks import one_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.moot import refuse_moot, refuse_other_formats
from karospace_stream.options.option import Option, declared
from karospace_stream.options.other_names import refuse_unknown
from karospace_stream.options.texts import check_encodable, check_texts

_DOC_WIDTH = 100


def declared_options() -> tuple[Option, ...]:
    """Every option: those of all formats first, then those of each format."""
    return (*declared(ExportOptions), *(each for _, kind in _kinds() for each in declared(kind)))


def option_named(name: str) -> Option | None:
    """The option with a keyword; None if there is none."""
    return next((each for each in declared_options() if each.name == name), None)


def read_options(
    keywords: Mapping[str, Any], *, function: str = "export", plans: bool = False
) -> ExportOptions:
    """Make options from the user's keywords: ``memory="2GB"``, ``anno="cell_type"``, paths.

    Parameters
    ----------
    function
        Name of the function that takes the keywords.
    plans
        Whether it only plans, or exports to show: then options of the target itself are none of its.

    Raises
    ------
    BadOptionError
        If a value is wrong, or an option that was given would have no effect.
    TypeError
        If there is no such option.
    """
    keywords = with_present_names(keywords)
    known = (each.name for each in declared_options() if each.plans or not plans)
    refuse_unknown(keywords, known, function)
    formats, _ = _read_formats(keywords.get("format"))
    refuse_other_formats(declared_options(), keywords, formats)
    options = make_options(keywords)
    _check_encodable(keywords)
    refuse_moot(declared_options(), keywords, options)
    check_texts(options)
    return options


def _check_encodable(keywords: Mapping[str, Any]) -> None:
    # A path may have such bytes, and is read by a reader of its own.
    for each in declared_options():
        value = keywords.get(each.name)
        if each.kind == "text" and each.read is None and isinstance(value, str):
            check_encodable(each.flag, value)


def make_options(keywords: Mapping[str, Any]) -> ExportOptions:
    """The same for a caller that gives every option, whether it has an effect or not."""
    given = dict(keywords)
    formats, targets = _read_formats(given.pop("format", None))
    general = _taken(ExportOptions, given)
    own = {name: kind(**_taken(kind, given)) for name, kind in _kinds()}
    return ExportOptions(**{**general, "formats": formats, "targets": targets, "own": own})


def with_present_names(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords, the former ones by their present names."""
    present = {each.old_name: each.name for each in declared_options() if each.old_name}
    for old in present.keys() & keywords.keys():
        if present[old] in keywords:
            raise BadOptionError(f"{old} is a former name of {present[old]}; give only {present[old]}")
    return {present.get(name, name): value for name, value in keywords.items()}


def _kinds() -> Iterator[tuple[str, type[Any]]]:
    return ((name, options_of(name)) for name in FORMATS)


def _taken(kind: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    """Take the options that a class declares out of the keywords, and read them."""
    taken = {}
    for each in declared(kind):
        if each.name in given:
            value = given.pop(each.name)
            taken[each.field] = value if each.read is None else each.read(value)
    return taken


def _read_formats(value: str | Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Formats and their own targets: ``"cellucid"``, or ``"cellucid=PATH"``."""
    several = [value] if isinstance(value, str) else list(value or ()) or [next(iter(FORMATS))]
    pairs = [each.partition("=") for each in several]
    for name, _, _ in pairs:
        one_of("--format", name, tuple(FORMATS))
    return tuple(name for name, _, _ in pairs), tuple(path or None for _, _, path in pairs)


def with_options(docstring: str | None) -> str:
    """Insert the declared options into a numpydoc docstring, in place of ``{options}``."""
    entries = []
    for each in declared_options():
        kind, text = each.described
        lines = textwrap.wrap(text, _DOC_WIDTH, initial_indent="    ", subsequent_indent="    ")
        entries += [f"{each.name} : {kind}", *lines]
    return inspect.cleandoc(docstring or "").replace("{options}", "\n".join(entries))
