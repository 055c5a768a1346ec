"""Refuse options that would have no effect: those of other formats, and those that another option cancels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.option import Option


def refuse_other_formats(
    declared: Iterable[Option], keywords: Mapping[str, Any], formats: Sequence[str]
) -> None:
    """Raise if a keyword is an option of formats that are not exported.

    Raises
    ------
    BadOptionError
        Names the formats that the option goes with.
    """
    for option in _given(declared, keywords):
        if option.formats and not set(option.formats) & set(formats):
            formats_of = " or ".join(f"--format {name}" for name in option.formats)
            verb = "formats are" if len(formats) > 1 else "format is"
            raise BadOptionError(
                f"{option.spelling(keywords[option.name])} is for {formats_of}, but the {verb} "
                f"{' and '.join(formats)}; leave it out, or export that format too"
            )


def refuse_moot(declared: Iterable[Option], keywords: Mapping[str, Any], options: ExportOptions) -> None:
    """Raise if a keyword is an option that another one cancels.

    Raises
    ------
    BadOptionError
        Names both.
    """
    for option in _given(declared, keywords):
        why = "" if option.moot is None else option.moot(options)
        if why:
            raise BadOptionError(
                f"{option.spelling(keywords[option.name])} would have no effect, since {why}"
            )


def _given(declared: Iterable[Option], keywords: Mapping[str, Any]) -> Iterable[Option]:
    return (each for each in declared if each.name in keywords and each.is_given(keywords[each.name]))
