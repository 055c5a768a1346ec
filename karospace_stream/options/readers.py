"""Convert what users write to the stored value of an option."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from karospace_stream.errors import BadOptionError
from karospace_stream.options.option import group_name, names, names_or_none
from karospace_stream.units import parse_nbytes

if TYPE_CHECKING:
    from karospace_stream.select.given_genes import GeneMask

_TOTALS = 1e-30, 1e30  # of float32, with room for quotients

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


def read_group_by(value: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Read columns, ``"none"``, or ``"auto"``: as None, which leaves the choice to the plan."""
    columns = names(value)
    return None if columns in (("auto",), ()) else columns


def read_reference(value: Any) -> tuple[str, ...]:
    """Read ``GROUP`` or ``COLUMN=GROUP``, once or several times, or a mapping of columns to groups.

    A group of a column of true/false or whole numbers may also be the value itself.
    """
    if isinstance(value, Mapping):
        return tuple(f"{column}={group}" for column, group in value.items())
    one = group_name(value)
    return (one,) if one is not None else tuple(map(str, value or ())) or ("rest",)


def read_marker_genes(value: str | int | None) -> int | Literal["all"] | None:
    """Read a number, or ``"all"``.

    Raises
    ------
    BadOptionError
        If it is neither.
    """
    if value is None:
        return None
    if value == "all":
        return "all"
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1 or isinstance(value, (bool, float)):
        raise BadOptionError(f"--marker-genes must be a whole number from 1, or all; got {value}")
    return number


def read_normalize(value: Any) -> float | Literal["median"] | None:
    """Read a number above zero, or ``"median"``; a whole number becomes an int.

    Raises
    ------
    BadOptionError
        If it is neither.
    """
    if value is None:
        return None
    if isinstance(value, str) and value == "median":
        return "median"
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = 0.0
    if not 0 < number < math.inf or isinstance(value, bool):
        raise BadOptionError(f"--normalize must be a number above zero, such as 1e4, or median; got {value}")
    least, most = _TOTALS
    if not least <= number <= most:
        raise BadOptionError(
            f"--normalize must be a number from {least:g} to {most:g}, as results are 32-bit numbers; got "
            f"{value}"
        )
    return int(number) if number.is_integer() else number


def read_where(value: Any) -> str | None:
    """Read an expression.

    Raises
    ------
    BadOptionError
        If it is no text, or blank.
    """
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    got = repr(value) if isinstance(value, str) else f"an object of type {type(value).__name__}"
    raise BadOptionError(f"--where must be an expression, such as \"tissue == 'lung'\"; got {got}")


def read_chosen(flag: str, value: Any) -> tuple[str, ...]:
    """Read one or several names of parts to read.

    Raises
    ------
    BadOptionError
        If the user gave a list without a name in it, which chooses nothing.
    """
    chosen = names_or_none(value)
    if not chosen and value is not None and not isinstance(value, tuple):  # of an empty tuple: the default
        raise BadOptionError(
            f"{flag} must name at least one, got an empty list; leave it out for the usual choice"
        )
    return chosen


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
