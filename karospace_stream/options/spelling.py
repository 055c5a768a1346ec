"""Write an option with its value as in a terminal and as in Python."""

from __future__ import annotations

import shlex

from karospace_stream.model.finding import Value
from karospace_stream.options.option import Option


def as_flags(option: Option, value: Value) -> str:
    """Write as in a terminal: ``--layer counts``, ``--no-image``; ``--image PATH`` for an unknown value."""
    if value is None:
        return f"{option.flag} {option.metavar}".rstrip()
    if isinstance(value, bool):
        return option.flag if value else option.off_flag
    several = value if isinstance(value, tuple) else (value,)
    return " ".join(shlex.join(_words(option.flag, str(each))) for each in several)


def as_keyword(option: Option, value: Value) -> str:
    """Write as in Python: ``layer="counts"``, ``image=False``; ``image=...`` for an unknown value."""
    if value is None:
        return f"{option.name}=..."
    if isinstance(value, tuple):
        return f"{option.name}=[{', '.join(map(quoted, value))}]"
    return f"{option.name}={quoted(value)}"


def _words(flag: str, text: str) -> list[str]:
    return [f"{flag}={text}"] if text.startswith("-") else [flag, text]


def quoted(value: Value) -> str:
    """A value as Python writes it, text in double quotes where that reads well."""
    is_plain = isinstance(value, str) and value.isprintable() and not {'"', "\\"} & set(value)
    return f'"{value}"' if is_plain else repr(value)
