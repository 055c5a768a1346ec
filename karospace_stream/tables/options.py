"""Options of a run that sums genes and exports nothing."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import declared_options, make_options
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.moot import refuse_moot
from karospace_stream.options.option import declared
from karospace_stream.options.other_names import refuse_unknown

#: Values that differ from those of an export.
_FIXED = {"format": "anndata", "graph": "none", "vectors": "none"}


def sum_options(keywords: Mapping[str, Any], columns: str | Sequence[str]) -> ExportOptions:
    """Options from keywords of `export`; of obs only these columns count, and nothing is said of others.

    Raises
    ------
    BadOptionError
        If a value is wrong, or an option would have no effect.
    """
    options = make_options({**keywords, **_FIXED, "anno": columns})
    if options.genes == "none":
        raise BadOptionError(
            "--genes none takes no genes, so there is nothing to sum; name genes, or leave it out"
        )
    defaults = {each.name: each.default for each in declared_options()}
    given = {name: value for name, value in keywords.items() if not _is_default(value, defaults[name])}
    refuse_moot(declared_options(), given, options)
    return options


def input_keywords(
    keywords: Mapping[str, Any], function: str, *, without: Container[str] = ()
) -> Mapping[str, Any]:
    """The keywords of a function that takes options of how the input is read, and no others.

    Raises
    ------
    TypeError
        If one is no such option.
    """
    refuse_unknown(
        keywords, (each.name for each in declared(InputOptions) if each.name not in without), function
    )
    return keywords


def _is_default(value: Any, default: Any) -> bool:
    return value is default or (isinstance(default, int) and type(value) is int and value == default)
