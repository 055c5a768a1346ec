"""All options of every format: read from keywords, and listed for interfaces and documentation."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from karospace_stream.formats.registry import FORMATS, options_of
from karospace_stream.options.export_options import ExportOptions, one_of
from karospace_stream.options.option import Option, declared

_DOC_WIDTH = 100


def declared_options() -> tuple[Option, ...]:
    """Every option: those of all formats first, then those of each format."""
    return (*declared(ExportOptions), *(each for _, kind in _kinds() for each in declared(kind)))


def read_options(keywords: Mapping[str, Any]) -> ExportOptions:
    """Make options from the user's keywords: ``memory="2GB"``, ``anno="cell_type"``, paths.

    Raises
    ------
    BadOptionError
        If a value is wrong.
    TypeError
        If there is no such option.
    """
    given = dict(keywords)
    formats, targets = _read_formats(given.pop("format", None))
    for name in formats:
        one_of("--format", name, tuple(FORMATS))
    general = _taken(ExportOptions, given)
    own = {name: kind(**_taken(kind, given)) for name, kind in _kinds()}
    if given:
        raise TypeError(f"export() got an unexpected keyword argument {next(iter(given))!r}")
    return ExportOptions(**{**general, "formats": formats, "targets": targets, "own": own})


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


def _read_formats(wish: str | Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Formats and their own targets: ``"cellucid"``, or ``"cellucid=PATH"``."""
    several = [wish] if isinstance(wish, str) else list(wish or ()) or [next(iter(FORMATS))]
    pairs = [each.partition("=") for each in several]
    return tuple(name for name, _, _ in pairs), tuple(path or None for _, _, path in pairs)


def with_options(docstring: str | None) -> str:
    """Insert the declared options into a numpydoc docstring, in place of ``{options}``."""
    entries = []
    for each in declared_options():
        kind, text = each.described
        lines = textwrap.wrap(text, _DOC_WIDTH, initial_indent="    ", subsequent_indent="    ")
        entries += [f"{each.name} : {kind}", *lines]
    return inspect.cleandoc(docstring or "").replace("{options}", "\n".join(entries))
