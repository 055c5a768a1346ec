"""Convert what users write to the stored value of an option."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadOptionError
from karospace_stream.options.option import names_or_none
from karospace_stream.units import parse_nbytes

if TYPE_CHECKING:
    from karospace_stream.select.given_genes import GeneMask

# Slow modules are imported where they are used: a command's help imports this module.


def read_memory(value: str | int | None) -> int | None:
    """Read a size, such as ``"2GB"``."""
    try:
        return None if value is None else parse_nbytes(value)
    except BadOptionError as error:
        raise BadOptionError(f"--memory: {error}") from error


def read_genes(value: Any) -> str | tuple[str, ...] | GeneMask:
    """Read a mode, names or a mask."""
    from karospace_stream.select.given_genes import read_genes as read

    return read(value)


def read_names_column(value: str | None) -> str:
    """Read the column with the names of genes: None leaves the choice to the plan."""
    return "auto" if value is None else value


def read_headers(value: str | Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Read ``"Name: value"``, once or several times."""
    from karospace_stream.storage.headers import read_headers as read

    return read(names_or_none(value))


def read_scheduler(value: Any) -> str:
    """Read the name of a scheduler, or the scheduler address of a client."""
    if isinstance(value, str):
        return value
    from karospace_stream.runtime.cluster import adopt  # imported late: distributed is slow to import

    return adopt(value)


def read_columns(value: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Read columns, with commas between them, or a sequence of them."""
    if isinstance(value, str):
        return tuple(each.strip() for each in value.split(","))
    return None if value is None else tuple(value)


def read_path(value: Any) -> Any:
    """Convert a path to text; leave everything else unchanged."""
    return os.fspath(value) if isinstance(value, os.PathLike) else value
